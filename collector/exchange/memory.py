"""The memory of an older system moves in: who objected, who consented, which address bounced, who was asked when.

One fact a row, in CSV, TSV or JSON Lines, with the columns ``kind customer channel address at outcome text_version
source``. Each row is taken or refused with its reason; the same file twice changes nothing.
"""

from __future__ import annotations

import re
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from collector import (
    clock,
    days,
    deliveries,
    errors,
    invitations,
    journeys,
    signing,
    surveys,
    values,
    workspaces,
)
from collector.contact import MESSAGE_CHANNELS
from collector.exchange import reading, workbooks
from collector.exchange.file_problem import FileProblem
from collector.exchange.mapping import Source
from collector.exchange.reading import Read
from collector.exchange.report import Tally, ranges
from collector.instruments import measuring
from collector.interactions import tombstones

KINDS = ("opt_out", "consent", "withdrawal", "bounce", "asked")
OUTCOMES = ("answered", "declined", "ignored")
SURVEY = "asked-elsewhere"
"""The key of the closed survey under which asks of other systems stand."""
UNASKED: Mapping[str, Any] = {
    **dict.fromkeys(("journey", "starts_at", "ends_at", "quota")),
    "key": SURVEY,
    "subject": "",
    "mode": "permanent",
    "state": "closed",
    "policy": {"imported": SURVEY},
}
"""A survey that asks nobody."""
GERMAN_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
BATCH = 500
KEPT = 1000


@dataclass
class MemoryReport:
    """What became of the rows: taken by kind, known before by kind, refused by reason with their numbers."""

    rows: int = 0
    taken: Counter[str] = field(default_factory=Counter)
    known: Counter[str] = field(default_factory=Counter)
    dropped: int = 0
    refused: dict[str, Tally] = field(default_factory=dict)

    @property
    def rejected(self) -> int:
        """Rows that were refused."""
        return sum(tally.count for tally in self.refused.values())

    def as_json(self) -> dict[str, Any]:
        """The report for programs."""
        told = {
            reason: {"count": tally.count, "rows": tally.numbers} for reason, tally in self.refused.items()
        }
        return {
            "rows": self.rows,
            "taken": dict(self.taken),
            "known": dict(self.known),
            "dropped": self.dropped,
            "refused": told,
        }

    def lines(self) -> Iterator[str]:
        """The report for people."""
        yield f"{self.rows:,} rows read"
        yield from (f"{count:,} {kind.replace('_', ' ')}" for kind, count in sorted(self.taken.items()))
        yield from (
            f"{count:,} {kind.replace('_', ' ')} known before" for kind, count in sorted(self.known.items())
        )
        if self.dropped:
            yield f"{self.dropped:,} dropped: their customers were erased since"
        for reason, tally in self.refused.items():
            yield f"{tally.count:,} refused: {reason} (rows {', '.join(ranges(tally.numbers)[:12])})"


def import_file(
    session: Session,
    workspace: workspaces.Workspace,
    path: Path,
    now: datetime,
    read: Read = lambda _: None,
    sheet: str | None = None,
) -> Iterator[MemoryReport]:
    """Take a file in batches; the report after each, so that the caller can commit there (or take all back)."""
    report, source = MemoryReport(), _source(path, sheet)
    rows = reading.rows(path, source, read)
    while batch := list(islice(rows, BATCH)):
        for row in batch:
            if row.broken:
                _refuse(report, row.number, f"not readable: {row.broken.replace('_', ' ')}")
        take(session, workspace, ((row.number, row.columns) for row in batch if not row.broken), now, report)
        yield report
    yield report


def take(
    session: Session,
    workspace: workspaces.Workspace,
    facts: Iterable[tuple[int, Mapping[str, Any]]],
    now: datetime,
    report: MemoryReport,
) -> None:
    """Take a batch of (row number, fact); what does not fit is refused by itself, the rest is taken.

    What an erased customer agreed to or was asked before is dropped; that they objected is kept.
    """
    facts = list(facts)
    erased = _erased(session, workspace, [fact for _, fact in facts])
    for number, fact in facts:
        report.rows += 1
        try:
            kind, is_new = _take(session, workspace, fact, erased, now)
        except _ErasedError:
            report.dropped += 1
        except errors.BadInput as error:
            report.rows -= 1
            _refuse(report, number, error.detail)
        else:
            (report.taken if is_new else report.known)[kind] += 1
    session.flush()


def _source(path: Path, sheet: str | None) -> Source:
    """How a file is written: the delimiter that its first line holds most of, since spreadsheets choose by country.

    Raises 422 ``missing_column`` for a table that names no ``kind``.
    """
    with path.open("rb") as file:
        first = file.readline(reading.MAX_LINE)
    is_table = path.suffix.lower() == ".csv"
    delimiter = max(",;\t", key=lambda each: first.count(each.encode())) if is_table else None
    source = Source(delimiter=delimiter, sheet=workbooks.chosen(path, sheet))
    header = reading.columns(path, source)
    if header is not None and "kind" not in header:
        raise FileProblem(
            f"row 1: there is no column `kind`; there are {', '.join(header[:20])}.", "missing_column"
        )
    return source


class _ErasedError(Exception):
    """Whom a fact is about was erased since."""


def _erased(
    session: Session, workspace: workspaces.Workspace, facts: Iterable[Mapping[str, Any]]
) -> dict[str, datetime]:
    """pseudonym -> when they were erased, of those that were; nobody else is until the transaction ends."""
    said = {str(fact.get("customer") or "").strip() for fact in facts} - {""}
    tombstones.hold_off(session, workspace.workspace_id)
    names = {workspaces.pseudonym_of(workspace, customer) for customer in said}
    return tombstones.buried_at(session, workspace.workspace_id, tombstones.CUSTOMER, names)


def _refuse(report: MemoryReport, number: int, reason: str) -> None:
    report.rows += 1
    report.refused.setdefault(reason, Tally()).add(number)


def _take(
    session: Session,
    workspace: workspaces.Workspace,
    fact: Mapping[str, Any],
    erased: Mapping[str, datetime],
    now: datetime,
) -> tuple[str, bool]:
    """(kind, whether it was news); the same fact again is none."""
    said = {name: str(value or "").strip() for name, value in fact.items()}
    kind, given_at = said.get("kind", ""), _moment(said.get("at", ""), now, workspace.timezone)
    at = given_at or now
    if kind not in KINDS:
        raise errors.BadInput(f"kind must be one of {', '.join(KINDS)}")
    if kind == "bounce":
        return kind, deliveries.block(session, workspace, _channel(said), said.get("address", ""), at)
    if not 1 <= len(said.get("customer", "")) <= 256:
        raise errors.BadInput("customer is missing or too long")
    customer = workspaces.pseudonym_of(workspace, said["customer"])
    if kind == "opt_out":
        return kind, _opt_out(session, workspace.workspace_id, customer, at)
    if customer in erased and at <= erased[customer]:
        raise _ErasedError
    if kind == "asked":
        if given_at is None:
            raise errors.BadInput("asked needs at: when it was")
        return kind, _asked(session, workspace.workspace_id, customer, _outcome(said), at, now)
    return kind, _consent(session, workspace.workspace_id, customer, said, kind == "consent", given_at, now)


def _opt_out(session: Session, workspace_id: uuid.UUID, customer: str, at: datetime) -> bool:
    """Keep the earliest objection."""
    known = invitations.find_subject(session, workspace_id, customer)
    if known is not None and known.opted_out_at is not None and known.opted_out_at <= at:
        return False
    invitations.opt_out(session, workspace_id, customer, at)
    return True


def _consent(
    session: Session,
    workspace_id: uuid.UUID,
    customer: str,
    said: Mapping[str, str],
    given: bool,
    at: datetime | None,
    now: datetime,
) -> bool:
    """Keep a record once; a proof needs the version of the text and where it was given."""
    record = {name: said.get(name, "")[:120] for name in ("text_version", "source")}
    if given and not all(record.values()):
        raise errors.BadInput("a consent needs text_version and source")
    channel = _channel(said)
    if invitations.has_consent_record(session, workspace_id, customer, channel, given, at):
        return False
    whole = {**record, "given": given, "at": at or now, "channel": channel}
    invitations.record_consent(session, workspace_id, customer, whole, now)
    return True


def _asked(
    session: Session, workspace_id: uuid.UUID, customer: str, outcome: str, at: datetime, now: datetime
) -> bool:
    """An ask elsewhere starts the waits over all surveys, as one of ours would."""
    place = _place(session, workspace_id, now)
    own_id = signing.named_id(workspace_id.bytes, b"asked", customer.encode(), clock.iso(at).encode())
    return invitations.note_asked(session, place, own_id, customer, outcome, at)


def _place(session: Session, workspace_id: uuid.UUID, now: datetime) -> surveys.Published:
    """The closed survey under which such asks stand, made on first use; nobody is ever asked by it."""
    survey = surveys.known(session, workspace_id).get(SURVEY)
    if survey is None:
        touchpoints = sorted(journeys.keys_of_touchpoints(session, workspace_id))
        if not touchpoints:
            raise errors.BadInput("asked: this workspace has no touchpoint yet")
        entry = {**UNASKED, "touchpoint": touchpoints[0], "template": measuring("csat")}
        surveys.apply(session, workspace_id, [entry], "import", now)
    return surveys.version(session, workspace_id, SURVEY, 1)


def _moment(text: str, now: datetime, zone: str) -> datetime | None:
    """A time, or the start of a day, by the company's clock where it says no offset; None: none is said, none lies ahead."""
    if not text:
        return None
    try:
        at = _of_day(text, zone) or datetime.fromisoformat(text)
    except ValueError:
        raise errors.BadInput("at must be a time such as 2026-11-02 or 2026-11-02T10:00:00Z") from None
    at = at.replace(tzinfo=at.tzinfo or ZoneInfo(zone))
    if not values.in_calendar(at) or at.astimezone(UTC) > now:
        raise errors.BadInput("at lies ahead, or before 1970")
    return at.astimezone(UTC)


def _of_day(text: str, zone: str) -> datetime | None:
    """The start of a day, written 2026-11-02 or as German spreadsheets do, 2.11.2026; None for what is no day alone."""
    if german := GERMAN_DAY.fullmatch(text):
        day, month, year = map(int, german.groups())
        return days.midnight(date(year, month, day), zone)
    return days.midnight(date.fromisoformat(text), zone) if len(text) == len("2026-11-02") else None


def _channel(said: Mapping[str, str]) -> str:
    if said.get("channel") not in MESSAGE_CHANNELS:
        raise errors.BadInput(f"channel must be one of {', '.join(MESSAGE_CHANNELS)}")
    return said["channel"]


def _outcome(said: Mapping[str, str]) -> str:
    outcome = said.get("outcome") or "ignored"
    if outcome not in OUTCOMES:
        raise errors.BadInput(f"outcome must be one of {', '.join(OUTCOMES)}")
    return outcome
