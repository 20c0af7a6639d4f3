"""What became of a file's rows: counted as they pass, told at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from collector.exchange.converting import Refusal
from collector.exchange.series import Place

KEPT_NUMBERS = 10_000
KEPT_VALUES = 1_000
SHOWN_RANGES = 12
SENTENCES = {
    "broken_table": "not a table row",
    "wrong_columns": "another number of columns than the header",
    "not_json": "not JSON",
    "not_an_object": "not a JSON object",
    "missing_column": "a column of the mapping is missing",
    "no_id": "no id",
    "no_date": "no date",
    "bad_date": "a date that does not fit the format",
    "date_out_of_range": "a date before 2000 or in the future",
    "no_score": "no score",
    "no_comment": "no comment",
    "empty": "neither score nor comment",
    "unknown_score": "a score that is none",
    "score_out_of_scale": "a score off the scale",
    "comment_too_long": "a comment of more than 20,000 characters",
    "not_a_customers": "a test or preview, or not a customer's answer",
    "another_question": "an answer to another question of the file",
    "erased_since": "the customer was erased since",
    "unmapped_touchpoint": "a touchpoint that the mapping does not place",
}


@dataclass
class Tally:
    """How many rows, and which."""

    count: int = 0
    numbers: list[int] = field(default_factory=list)

    def add(self, number: int) -> None:
        self.count += 1
        if len(self.numbers) < KEPT_NUMBERS:
            self.numbers.append(number)


@dataclass
class Report:
    """The outcome of an import so far.

    ``rejected``: rows that were bad, not merely set aside by the mapping. ``new_series``: survey -> what ended the
    series before it ([] where there was none).
    """

    rows: int = 0
    accepted: int = 0
    rejected: int = 0
    duplicates: Tally = field(default_factory=Tally)
    skipped: dict[str, Tally] = field(default_factory=dict)
    quarantined: dict[str, Tally] = field(default_factory=dict)
    unmapped: dict[str, Counter[str]] = field(default_factory=dict)
    new_series: dict[str, list[str]] = field(default_factory=dict)

    def place(self, place: Place) -> None:
        """Note where answers were put, if a series begins there."""
        if place.is_new:
            self.new_series[place.survey] = list(place.broken_by)

    def refuse(self, refusal: Refusal) -> None:
        """Count a row that was not taken."""
        kept = self.quarantined if refusal.quarantine else self.skipped
        kept.setdefault(refusal.reason, Tally()).add(refusal.number)
        self.rejected += not (refusal.foreseen or refusal.quarantine)
        if refusal.field and refusal.value is not None:
            values = self.unmapped.setdefault(refusal.field, Counter())
            if refusal.value in values or len(values) < KEPT_VALUES:
                values[refusal.value[:200]] += 1

    def as_json(self) -> dict[str, Any]:
        """The report for programs."""
        tallies = {"skipped": self.skipped, "quarantined": self.quarantined}
        return {
            "rows": self.rows,
            "accepted": self.accepted,
            "duplicates": _json(self.duplicates),
            **{name: {reason: _json(t) for reason, t in found.items()} for name, found in tallies.items()},
            "new_series": self.new_series,
            "unmapped": {name: dict(values.most_common()) for name, values in self.unmapped.items()},
        }

    def lines(self) -> Iterator[str]:
        """The report for people."""
        yield f"{self.rows:,} rows read"
        yield f"{self.accepted:,} accepted"
        if self.duplicates.count:
            yield f"{self.duplicates.count:,} here already"
        for survey, broken_by in self.new_series.items():
            yield f"new series {survey}: {_beginning(broken_by)}"
        yield from _told("skipped", self.skipped)
        yield from _told("quarantined as unassigned", self.quarantined)
        for name, values in self.unmapped.items():
            yield f"values of {name} that were not taken:"
            yield from (f"  {count:>6,}  {value!r}" for value, count in values.most_common(20))
            if len(values) > 20:
                yield f"  and {len(values) - 20:,} other values"


def ranges(numbers: Iterable[int]) -> list[str]:
    """Row numbers as people write them: 2-4, 9."""
    found: list[list[int]] = []
    for number in numbers:
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return [str(low) if low == high else f"{low}-{high}" for low, high in found]


def _told(what: str, tallies: dict[str, Tally]) -> Iterator[str]:
    for reason, tally in sorted(tallies.items(), key=lambda item: -item[1].count):
        listed = ranges(tally.numbers)
        more = ", ..." if len(listed) > SHOWN_RANGES or tally.count > KEPT_NUMBERS else ""
        sentence = SENTENCES.get(reason, reason.replace("_", " "))
        yield f"{tally.count:,} {what}: {sentence} (rows {', '.join(listed[:SHOWN_RANGES])}{more})"


def _beginning(broken_by: list[str]) -> str:
    if not broken_by:
        return "the first answers of this source at this touchpoint"
    return f"not comparable with the one before it (other {', '.join(broken_by)})"


def _json(tally: Tally) -> dict[str, Any]:
    return {"count": tally.count, "rows": tally.numbers}
