"""Outcomes and KPI values out of a spreadsheet's file, whatever its delimiter and encoding; a report row by row.

The columns are the fields of the wire (``PUT /api/v1/outcomes``, ``PUT /api/v1/kpi-values``). A row that does not fit is
refused by itself, the rest is taken; the same file again changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from marshmallow import Schema, ValidationError
from sqlalchemy.orm import Session

from collector import bodies, clock, errors, outcomes, values, workspaces
from collector.exchange import moments, workbooks
from collector.exchange.members import source_of
from collector.exchange.reading import Read, rows
from collector.exchange.report import Tally, ranges

BATCH = 500
FORMS = ("iso", "%d.%m.%Y", "%d.%m.%Y %H:%M", "%m/%d/%Y", "excel")
YES_NO = {
    "yes": "1",
    "true": "1",
    "ja": "1",
    "wahr": "1",
    "no": "0",
    "false": "0",
    "nein": "0",
    "falsch": "0",
}
COMMA = re.compile(r"-?\d+,\d{1,4}\Z")
Put = Callable[[Session, workspaces.Company, list[dict[str, Any]], str, datetime], outcomes.actions.Taken]


@dataclass(frozen=True)
class Kind:
    """What a row of such a file is: how it is checked, which columns are times or days, how a batch is kept."""

    schema: Schema
    times: tuple[str, ...]
    days: tuple[str, ...]
    put: Put


@dataclass
class TakenReport:
    """What became of the rows."""

    rows: int = 0
    taken: int = 0
    unchanged: int = 0
    dropped: int = 0
    refused: dict[str, Tally] = field(default_factory=dict)

    @property
    def rejected(self) -> int:
        """Rows that were refused."""
        return sum(tally.count for tally in self.refused.values())

    def as_json(self) -> dict[str, Any]:
        """The report for programs."""
        told = {why: {"count": tally.count, "rows": tally.numbers} for why, tally in self.refused.items()}
        counts = {name: getattr(self, name) for name in ("rows", "taken", "unchanged", "dropped")}
        return {**counts, "refused": told}

    def lines(self) -> Iterator[str]:
        """The report for people."""
        yield f"{self.rows:,} rows read"
        yield f"{self.taken:,} taken, {self.unchanged:,} known before"
        if self.dropped:
            yield f"{self.dropped:,} dropped: their customers were erased since"
        for why, tally in self.refused.items():
            yield f"{tally.count:,} refused: {why} (rows {', '.join(ranges(tally.numbers)[:12])})"

    def refuse(self, number: int, why: str) -> None:
        """Note a row that does not fit."""
        self.refused.setdefault(why, Tally()).add(number)


def _take(
    session: Session, company: workspaces.Company, items: list[dict[str, Any]], _by: str, now: datetime
) -> outcomes.actions.Taken:
    return outcomes.actions.take(session, company, items, now)


def _put(
    session: Session, company: workspaces.Company, items: list[dict[str, Any]], by: str, now: datetime
) -> outcomes.actions.Taken:
    return outcomes.actions.put_kpi_values(session, company.workspace_id, items, by, now)


KINDS = {
    "outcomes": Kind(outcomes.schemas.OutcomeIn(), ("occurred_at",), (), _take),
    "kpi-values": Kind(outcomes.schemas.KpiValueIn(), (), ("from", "to", "dated"), _put),
}


def import_file(
    session: Session,
    company: workspaces.Company,
    kind: Kind,
    path: Path,
    by: str,
    now: datetime,
    read: Read = lambda _: None,
    sheet: str | None = None,
) -> Iterator[TakenReport]:
    """Take a file in batches; the report after each, so that the caller can commit there (or take all back)."""
    report = TakenReport()
    stream = rows(path, replace(source_of(path), sheet=workbooks.chosen(path, sheet)), read)
    while batch := list(islice(stream, BATCH)):
        report.rows += len(batch)
        found = {}
        for row in batch:
            if row.broken:
                report.refuse(row.number, f"not readable: {row.broken.replace('_', ' ')}")
            elif (item := _loaded(kind, company, row.number, row.columns, report)) is not None:
                found[row.number] = item
        _keep(session, company, kind, found, by, now, report)
        yield report
    yield report


def _keep(
    session: Session, company: workspaces.Company, kind: Kind, found: Mapping[int, dict[str, Any]], by: str, now: datetime,
    report: TakenReport,
) -> None:  # fmt: skip
    """Keep a batch; where one row's place is not here, the others are kept without it."""
    kept = dict(found)
    while kept:
        try:
            taken = kind.put(session, company, list(kept.values()), by, now)
        except errors.BadInput as error:
            numbers = list(kept)
            for place, said in error.fields.items():
                index = next(int(part) for part in place.split(".") if part.isdigit())
                if kept.pop(numbers[index], None) is not None:
                    report.refuse(numbers[index], f"{place.rpartition('.')[2]} {said[0]}")
            continue
        report.taken += taken.taken
        report.unchanged += taken.unchanged
        report.dropped += taken.dropped
        return


def _loaded(
    kind: Kind, company: workspaces.Company, number: int, columns: Mapping[str, str], report: TakenReport
) -> dict[str, Any] | None:
    """A row as the wire would have it; None where it is refused."""
    names = {field.data_key or name for name, field in kind.schema.fields.items()}
    given: dict[str, Any] = {
        name: text.strip() for name, text in columns.items() if name in names and text.strip()
    }
    try:
        for name in (*kind.times, *kind.days):
            if name in given:
                given[name] = _moment(given[name], company.timezone, name in kind.days)
        if "value" in given:
            given["value"] = _number(given["value"])
        if (whole := values.whole(given.get("n", ""))) is not None:
            given["n"] = whole
        values.check(given)
        loaded: dict[str, Any] = kind.schema.load(given)
    except (ValidationError, errors.BadInput) as wrong:
        told = bodies.invalid(wrong) if isinstance(wrong, ValidationError) else wrong
        name, said = next(iter(told.fields.items()))
        report.refuse(number, f"{name} {said[0]}")
        return None
    return loaded


def _moment(text: str, zone: str, is_day: bool) -> str:
    found = next((at for form in FORMS if (at := moments.read(text, form, zone))), None)
    if found is None:
        return text
    return found.date().isoformat() if is_day else clock.iso(found)


def _number(text: str) -> str:
    return text.replace(",", ".") if COMMA.match(text) else YES_NO.get(text.lower(), text)
