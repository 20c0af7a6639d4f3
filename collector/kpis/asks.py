"""Asks: invitations counted into cells, in the background, as ``rollups`` counts answers; to be dropped and rebuilt at will.

An invitation is counted as far as it has come, and again when it has come further: what it is counted as and the cell's
numbers change in one transaction. Whoever reads takes the cells and what is not counted yet in one statement.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, Update, and_, bindparam, case, func, select, union_all, update
from sqlalchemy.orm import Session

from collector import days, db, lists, looks, prepared
from collector.db import UtcDateTime
from collector.invitations import ANSWERED, ASKED, SEEN, Invitation, is_uncounted, station
from collector.kpis.models import AskRollup
from collector.kpis.rollups import HELD
from collector.workspaces import Workspace

BATCH = 500
SETTLED = timedelta(minutes=2)
"""So long after it was made an invitation is counted: whoever answers in the page has done so by then, and it is counted once."""
KEY = ("workspace_id", "touchpoint", "day", "journey", "channel", "persona", "probability")
COUNTS = {"asked": ASKED, "seen": SEEN, "answered": ANSWERED}
Cells = dict[tuple[Any, ...], list[int]]
"""A cell's key -> by how much each of its ``COUNTS`` changes."""


class Counted(NamedTuple):
    """What became of invitations of one ``group``: how many customers were asked, saw the question, and answered it."""

    group: tuple[Any, ...]
    asked: int
    seen: int
    answered: int


@dataclass(frozen=True)
class Stretch:
    """Days, both inclusive, and the moments at which they begin and end (exclusive)."""

    first: date
    last: date
    since: datetime
    until: datetime


def read(
    session: Session,
    workspace_id: uuid.UUID,
    touchpoints: Collection[str],
    stretch: Stretch,
    by: Sequence[str],
    journey: str | None = None,
) -> list[Counted]:
    """Who was invited at these touchpoints on these days, grouped by columns of ``AskRollup``; groups without anybody are left out.

    Whom a run asked is not among them, nor who was asked elsewhere, or about something else than the touchpoint.
    """
    cells, table = AskRollup, Invitation
    counted = select(
        *[getattr(cells, name) for name in by], *[getattr(cells, name) for name in COUNTS]
    ).where(
        cells.workspace_id == workspace_id,
        cells.touchpoint.in_(touchpoints),
        cells.day.between(stretch.first, stretch.last),
        *([cells.journey == journey] if journey is not None else []),
    )
    columns = [filled(name).label(name) for name in by]
    waiting = select(*columns, *[_more(place).label(name) for name, place in COUNTS.items()]).where(
        table.workspace_id == workspace_id,
        table.touchpoint.in_(touchpoints),
        table.created_at >= stretch.since,
        table.created_at < stretch.until,
        is_uncounted(),
        *([table.journey == journey] if journey is not None else []),
    )
    both = union_all(counted, waiting).subquery()
    groups = [both.c[name] for name in by]
    query = select(*groups, *[func.sum(both.c[name]) for name in COUNTS]).group_by(*groups)
    found = (Counted(tuple(row[:-3]), *(max(0, int(n)) for n in row[-3:])) for row in session.execute(query))
    return [each for each in found if each.asked]


def filled(name: str) -> ColumnElement[Any]:
    """A column of an invitation as a cell's key holds it, with an empty string for none."""
    column: ColumnElement[Any] = getattr(Invitation, name)
    return func.coalesce(column, "") if name in {"journey", "channel", "persona"} else column


def _more(place: int) -> ColumnElement[int]:
    """By how much an invitation changes the count of who has come so far: 1, 0 or -1."""
    come, was = (case((reached >= place, 1), else_=0) for reached in (station(), Invitation.counted))
    return come - was


def count(session: Session, now: datetime, batch: int = BATCH) -> int:
    """Count up to ``batch`` invitations that stand otherwise than they are counted; how many. Safe with several at once."""
    db.hold(session, HELD, shared=True)
    query = _few_uncounted(session.get_bind().dialect.name)
    rows = prepared.send(session, query, [{"until": now - SETTLED, "few": batch}])
    zones = _zones(session, {row.workspace_id for row in rows})
    cells: Cells = defaultdict(lambda: [0, 0, 0])
    of: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    for row in rows:
        _move(cells, row, zones[row.workspace_id], row.station)
        of[row.workspace_id].append(row.invitation_id)
    add(session, cells)
    for workspace_id, ids in of.items():
        prepared.send(session, _marking(), [{"of_workspace_id": workspace_id, "ids": ids}])
    return len(rows)


def _zones(session: Session, workspaces: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    query = select(Workspace.workspace_id, Workspace.timezone).where(Workspace.workspace_id.in_(workspaces))
    return {row.workspace_id: row.timezone for row in session.execute(query)} if workspaces else {}


def zone_of(session: Session, workspace_id: uuid.UUID) -> str:
    """The time zone in which a workspace's days are cut now."""
    return _zones(session, [workspace_id])[workspace_id]


def are_waiting(session: Session, now: datetime) -> bool:
    """Whether any invitation is to be counted: a look that locks nothing."""
    return looks.found(session, _uncounted, now - SETTLED)


def _uncounted(until: Any) -> Select[Any]:
    """In the order of the index that holds them: without one PostgreSQL, which thinks that most are, reads all there are."""
    table = Invitation
    found = select(table.invitation_id).where(is_uncounted(), table.created_at <= until)
    return found.order_by(table.workspace_id, table.touchpoint, table.created_at)


@cache
def _few_uncounted(dialect: str) -> Select[Any]:
    """So many, locked; those that somebody else counts, or answers, are left out."""
    names = ("workspace_id", "invitation_id", "touchpoint", "probability", "created_at", "counted")
    columns = [*[getattr(Invitation, name) for name in names], *_tags(), station().label("station")]
    found = _uncounted(bindparam("until", type_=UtcDateTime)).with_only_columns(*columns)
    found = found.limit(bindparam("few"))
    return found.with_for_update(skip_locked=True) if dialect == "postgresql" else found


def _tags() -> list[ColumnElement[Any]]:
    return [filled(name).label(name) for name in ("journey", "channel", "persona")]


@cache
def _marking() -> Update:
    key = Invitation.__table__.c
    mine = and_(key.workspace_id == bindparam("of_workspace_id"), lists.any_of(key.invitation_id, "ids"))
    return update(Invitation).where(mine).values(counted=station())


def _move(cells: Cells, row: Any, zone: str, station: int) -> None:
    """Count an invitation as far as a station that was counted as far as another."""
    day = days.day_of(row.created_at, zone)
    cell = cells[tuple([day if name == "day" else getattr(row, name) for name in KEY])]
    for at, place in enumerate(COUNTS.values()):
        cell[at] += (station >= place) - (row.counted >= place)


def add(session: Session, cells: Mapping[tuple[Any, ...], Sequence[int]]) -> None:
    """Add to cells, in one order, so that two workers never wait for one another in a ring."""
    rows = [
        dict(zip((*KEY, *COUNTS), (*cell, *n), strict=True))
        for cell, n in sorted(cells.items(), key=repr)
        if any(n)
    ]
    if rows:
        prepared.send(session, _adding(session.get_bind().dialect.name), rows)


@cache
def _adding(dialect: str) -> Any:
    made = db.insert_of(dialect, AskRollup)
    sums = {name: getattr(AskRollup, name) + made.excluded[name] for name in COUNTS}
    return made.on_conflict_do_update(index_elements=KEY, set_=sums)


def uncount(session: Session, workspace_id: uuid.UUID, erased: ColumnElement[bool]) -> None:
    """Take invitations out of the cells, because they are about to be erased.

    Until the transaction ends nobody else counts, so that what is erased is what was taken out.
    """
    db.hold(session, HELD)
    zone = zone_of(session, workspace_id)
    columns = (Invitation.workspace_id, Invitation.touchpoint, Invitation.probability, Invitation.created_at)
    cells: Cells = defaultdict(lambda: [0, 0, 0])
    for row in session.execute(
        select(*columns, *_tags(), Invitation.counted).where(erased, Invitation.counted > 0)
    ):
        _move(cells, row, zone, 0)
    add(session, cells)
