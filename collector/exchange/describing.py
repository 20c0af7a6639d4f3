"""A proposal of a mapping, made by looking at a file: what each column seems to be, to be read and mended by a person."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from collector import journeys
from collector.exchange import guessing, workbooks
from collector.exchange.guessing import Table

NAMES: Mapping[str, str] = {
    "score": r"nps|score|rating|csat|ces|recommend|satisf|bewert|note|punkt|zufrieden|empfehl|weiteremp|puntuaci|nota|recommand",
    "comment": r"comment|feedback|verbatim|reason|kommentar|bemerk|anmerk|freitext|warum|comentario|commentaire|why|improve",
    "id": r"^#$|(^|[ _.-])(id|uuid|token)$|^(response|respondent|answer|antwort)[ _.-]?(id|nr|number|nummer)",
    "customer": r"customer|kunde|client|cliente|account|member|mitglied",
    "touchpoint": r"touchpoint|location|store|branch|filiale|standort|service|channel|kanal|abteilung|department|magasin|tienda",
}
MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+\Z")
WHOLE = re.compile(r"(\d{1,3})([.,]0+)?\Z")
SCALES = ((5, "csat"), (7, "ces"), (10, "nps"))
"""Highest score that stands there -> the metric it is likely to be."""
MANY_WORDS = 3
FEW = 40
PLACE = "name-of-your-touchpoint"


@dataclass(frozen=True)
class Proposal:
    """A mapping file as text, and what to look at in it, in sentences."""

    text: str
    remarks: Sequence[str]


def describe(path: Path, sheet: str | None = None) -> Proposal:
    """Propose a mapping for a file; ``FileProblem`` where it cannot be read."""
    found = _Describer(guessing.table(path, sheet)).proposal(path.stem)
    if workbooks.is_one(path) and (left := workbooks.unread(path, sheet)):
        names = ", ".join(left)
        remark = f"Sheets that are not read: {names}. To read one, describe it with `--sheet {left[0]!r}`."
        return Proposal(found.text, [*found.remarks, remark])
    return found


class _Describer:
    """Takes the columns one after the other: what has a role is free for no other."""

    def __init__(self, found: Table) -> None:
        self.table = found
        self.free = [column for column in found.columns if found.texts(column)]
        self.remarks: list[str] = []

    def proposal(self, name: str) -> Proposal:
        """The mapping, in the order in which a person would write it."""
        entries: dict[str, Any] = {"name": _key(name)}
        occurred_at = self._time()
        row_id = self._take("id", lambda texts: len(set(texts)) == len(texts) == len(self.table.rows))
        score = self._take("score", _is_score, needed=True)
        customer = self._take("customer", lambda texts: not any(map(MAIL.match, texts)))
        comment = self._take("comment", _is_prose, needed=True)
        entries |= {"metric": self._metric(score)}
        entries |= self._file()
        whole = [column for column in (occurred_at.get("column"), score, comment) if column]
        entries["id"] = row_id or whole
        entries["touchpoint"] = self._touchpoint()
        entries |= {"score": {"column": score}} if score else {}
        entries |= {"comment": {"column": comment}} if comment else {}
        entries["occurred_at"] = occurred_at
        entries |= {"customer": {"column": customer}} if customer else {}
        self._left_out()
        return Proposal(yaml.safe_dump(entries, sort_keys=False, allow_unicode=True), self.remarks)

    def _take(self, role: str, fits: Callable[[list[str]], bool], needed: bool = False) -> str | None:
        """The first free column of a telling name whose texts fit; where one is needed, the first whose texts do."""
        fitting = [column for column in self.free if fits(self.table.texts(column))]
        named = [column for column in fitting if re.search(NAMES[role], column, re.IGNORECASE)]
        chosen = next(iter(named or (fitting if needed else ())), None)
        if chosen is not None:
            self.free.remove(chosen)
            if not named:
                self.remarks.append(
                    f"“{chosen}” was taken as the {role} for what it holds, not for its name."
                )
        return chosen

    def _time(self) -> dict[str, Any]:
        for column in self.free:
            forms = guessing.times(self.table.texts(column))
            if forms:
                self.free.remove(column)
                return {"column": column, **self._format(column, forms)}
        self.remarks.append("No column of times was found: name one under occurred_at.")
        return {"column": "?"}

    def _format(self, column: str, forms: Sequence[str]) -> dict[str, Any]:
        turned = [form.replace("%d/%m", "%m/%d") for form in forms if form.startswith("%d/%m")]
        if any(guessing.is_time(text, form) for form in turned for text in self.table.texts(column)):
            self.remarks.append(
                f"Day and month of “{column}” could be either way round: day/month was taken."
            )
        return {} if forms == ["iso"] else {"format": forms if len(forms) > 1 else forms[0]}

    def _metric(self, score: str | None) -> str:
        if score is None:
            self.remarks.append(
                "No column of scores was found: name one under score, or import the words alone."
            )
            return "nps"
        numbers = [int(found[1]) for text in self.table.texts(score) if (found := WHOLE.match(text))]
        highest = max(numbers)
        metric = "nps" if min(numbers) == 0 else next(metric for most, metric in SCALES if highest <= most)
        self.remarks.append(
            f"Scores go up to {highest}: {metric} was taken. Set metric where the scale is another."
        )
        return metric

    def _file(self) -> dict[str, Any]:
        source = self.table.source
        said = {"format": source.format, "encoding": source.encoding, "delimiter": source.delimiter}
        said |= {"sheet": source.sheet}
        if source.header_rows > 1:
            said["header_rows"] = source.header_rows  # type: ignore[assignment]
        kept = {name: value for name, value in said.items() if value not in (None, "utf-8")}
        return {"file": kept} if kept else {}

    def _touchpoint(self) -> dict[str, Any]:
        column = self._take("touchpoint", lambda texts: 1 < len(set(texts)) <= FEW)
        if column is None:
            self.remarks.append(f"Put the touchpoint's key for {PLACE}.")
            return {"constant": PLACE}
        self.remarks.append(f"Put your touchpoints' keys for the texts of “{column}”.")
        return {
            "column": column,
            "values": {text: _key(text) for text in sorted(set(self.table.texts(column)))},
        }

    def _left_out(self) -> None:
        mails = [column for column in self.free if any(map(MAIL.match, self.table.texts(column)))]
        if mails:
            listed = ", ".join(f"“{column}”" for column in mails)
            self.remarks.append(
                f"{listed} holds e-mail addresses and was left out: use your own id of the customer."
            )
        rest = [f"“{column}”" for column in self.free if column not in mails]
        if rest:
            self.remarks.append(
                f"Not used: {', '.join(rest)}. What tells groups of customers apart may stand under attributes."
            )


def lines(proposal: Proposal) -> Iterator[str]:
    """The proposal as a file: its remarks as comments before it."""
    yield "# A proposal, made by looking at the first rows; read it before you import by it."
    yield from (f"# - {remark}" for remark in proposal.remarks)
    yield proposal.text.rstrip("\n")


def _is_score(texts: Sequence[str]) -> bool:
    found = [WHOLE.match(text) for text in texts]
    return bool(texts) and all(each is not None and int(each[1]) <= 10 for each in found)


def _is_prose(texts: Sequence[str]) -> bool:
    return any(len(text.split()) >= MANY_WORDS for text in texts) and not any(map(MAIL.match, texts))


def _key(text: str) -> str:
    return journeys.free_key(text, (), "answers")[:40].rstrip("-")
