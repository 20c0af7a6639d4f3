"""A row becomes an answer, or says why not. Pure: the same row, mapping and knowledge give the same outcome."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from collector import responses, values
from collector.exchange import moments
from collector.exchange.mapping import Field, ResponseMapping, Score, ScoreField, TimeField
from collector.exchange.reading import Row
from collector.instruments import MEASURES

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
AHEAD = timedelta(days=1)
MAX_COMMENT = 20_000
MAX_TEXT = {"attribute": 200, "customer": 200, "transaction": 128, "respondent": 12, "locale": 35}
FORMER = {"staff": "employee"}
"""What mapping files of the first version called a respondent."""

LOCALE = re.compile(r"[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*\Z")
BLANK = str.maketrans({"\xa0": " "})


@dataclass(frozen=True)
class Known:
    """What the workspace has: keys that a row may name, journeys with the version that stands."""

    touchpoints: frozenset[str]
    journeys: Mapping[str, int] = field(default_factory=dict)
    personas: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Answer:
    """A row understood."""

    number: int
    row_id: str
    touchpoint: str
    answer: Score
    score: int | None
    comment: str | None
    occurred_at: datetime
    fields: Mapping[str, str | None]
    attributes: Mapping[str, str]


@dataclass(frozen=True)
class Refusal:
    """A row not taken as an answer: why, and whether it is kept for somebody to place by hand.

    ``foreseen``: the mapping itself says so (rows without a score, for example); otherwise the row is bad.
    """

    number: int
    row_id: str
    reason: str
    quarantine: bool = False
    foreseen: bool = False
    field: str | None = None
    value: str | None = None


class RowError(Exception):
    """A row cannot be taken."""

    def __init__(self, reason: str, **facts: Any) -> None:
        super().__init__(reason)
        self.reason, self.facts = reason, facts


@dataclass
class Converter:
    """Converts the rows of one file; counts alike rows, so that two customers who say the same stay two."""

    mapping: ResponseMapping
    known: Known
    now: datetime
    zone: str = "UTC"
    alike: Counter[bytes] = field(default_factory=Counter)

    def convert(self, row: Row) -> Answer | Refusal:
        """The answer in a row, or why there is none."""
        row_id = ""
        try:
            if row.broken:
                raise RowError(row.broken)
            if row.aside:
                raise RowError(row.aside, foreseen=True)
            row_id = self._row_id(row)
            return self._answer(row, row_id)
        except RowError as error:
            return Refusal(row.number, row_id, error.reason, **error.facts)

    def customer(self, row: Row) -> str | None:
        """Whom a row is about by the mapping, also where it cannot be taken as an answer."""
        found = self.mapping.fields.get("customer")
        try:
            return _plain("customer", found, row, self.known) if found else None
        except RowError:
            return None

    def _answer(self, row: Row, row_id: str) -> Answer:
        mapping = self.mapping
        fields = {name: _plain(name, found, row, self.known) for name, found in mapping.fields.items()}
        occurred_at = _moment(mapping.occurred_at, row, self.now, self.zone)
        answer = _score(mapping.score, mapping.metric, row) if mapping.score else None
        comment = _comment(mapping.comment, row) if mapping.comment else None
        _check_content(mapping, answer, comment)
        return Answer(
            number=row.number,
            row_id=row_id,
            touchpoint=_touchpoint(mapping.touchpoint, row, self.known),
            answer=answer,
            score=MEASURES[mapping.metric].score({}, answer) if answer is not None else None,  # type: ignore[typeddict-item]
            comment=comment,
            occurred_at=occurred_at,
            fields=fields,
            attributes=_attributes(mapping.attributes, row),
        )

    def _row_id(self, row: Row) -> str:
        """The row's own id; of several columns their hash, and which of the rows that are alike in them it is."""
        texts = [_cell(row, column) for column in self.mapping.id]
        if len(texts) == 1:
            if not texts[0]:
                raise RowError("no_id")
            return texts[0]
        digest = hashlib.sha256("\0".join(texts).encode("utf-8", "surrogatepass")).digest()[:16]
        self.alike[digest] += 1
        return f"{digest.hex()}-{self.alike[digest]}"


def _cell(row: Row, column: str) -> str:
    """A column's text without the blanks around it, no-break spaces being blanks too."""
    if column not in row.columns:
        raise RowError("missing_column", field=column)
    return clean(row.columns[column]).translate(BLANK).strip()


def clean(text: str) -> str:
    """The text trimmed and without what no database can hold."""
    if text.isascii() and text.isprintable():
        return text.strip()  # most cells are, and looking at each character takes a fifth of an import's time
    return str(responses.clean(values.mended_text(text)))


def _touchpoint(found: Field, row: Row, known: Known) -> str:
    if found.constant is not None:
        return found.constant
    text = _cell(row, found.column or "")
    key = found.values.get(text, text)
    if key not in known.touchpoints:
        quarantine = found.unmapped == "quarantine"
        raise RowError(
            "unmapped_touchpoint", quarantine=quarantine, foreseen=True, field="touchpoint", value=text
        )
    return str(key)


def _moment(found: TimeField, row: Row, now: datetime, zone: str) -> datetime:
    text = _cell(row, found.column)
    if not text:
        raise RowError("no_date")
    zone = found.timezone or zone
    moment = next(filter(None, (moments.read(text, form, zone) for form in found.formats)), None)
    if moment is None:
        raise RowError("bad_date", field="occurred_at", value=text)
    if not EARLIEST <= moment <= now + AHEAD:
        raise RowError("date_out_of_range", field="occurred_at", value=text)
    return moment


def _score(found: ScoreField, metric: str, row: Row) -> Score:
    text = _cell(row, found.column)
    if text in found.values:
        return found.values[text]
    if not text or text in found.missing:
        return None
    kind = MEASURES[metric]
    if kind.options:
        if text in kind.options:
            return text
        raise RowError("unknown_score", field="score", value=text)
    return _on_scale(text, found, kind.scale or range(0))


def _on_scale(text: str, found: ScoreField, points: range) -> int:
    whole = re.fullmatch(r"([-+]?\d{1,6})([.,]0{1,6})?", text)
    if whole is None:
        raise RowError("unknown_score", field="score", value=text)
    lowest, highest = found.scale or (points[0], points[-1])
    value = int(whole[1])
    if not lowest <= value <= highest:
        raise RowError("score_out_of_scale", field="score", value=text)
    steps = highest - value if found.reversed else value - lowest
    return points[steps]


def _comment(found: Field, row: Row) -> str | None:
    text = _cell(row, found.column or "")
    if len(text) > MAX_COMMENT:
        raise RowError("comment_too_long", field="comment")
    return text if text and text not in found.missing else None


def _check_content(mapping: ResponseMapping, answer: Score, comment: str | None) -> None:
    if answer is None and comment is None:
        raise RowError("empty", foreseen=True)
    if answer is None and mapping.score and mapping.score.without != "keep":
        raise RowError("no_score", quarantine=mapping.score.without == "quarantine", foreseen=True)
    if comment is None and mapping.comment and mapping.comment.without == "skip":
        raise RowError("no_comment", foreseen=True)


def _plain(name: str, found: Field, row: Row, known: Known) -> str | None:
    text = found.constant if found.constant is not None else _cell(row, found.column or "")
    value = found.values.get(text, text) or None
    if value is None:
        return None
    if name == "respondent":
        value = FORMER.get(value, value)
    lists = {
        "journey": known.journeys,
        "persona": known.personas,
        "channel": known.channels,
        "respondent": responses.RESPONDENTS,
    }
    if name in lists and value not in lists[name]:
        raise RowError(f"unknown_{name}", quarantine=True, field=name, value=text)
    if len(value) > MAX_TEXT.get(name, 64) or (name == "locale" and not LOCALE.match(value)):
        raise RowError(f"bad_{name}", field=name, value=text)
    return value


def _attributes(found: Mapping[str, Field], row: Row) -> dict[str, str]:
    texts = {name: _plain("attribute", item, row, Known(frozenset())) for name, item in found.items()}
    return {name: text for name, text in texts.items() if text}
