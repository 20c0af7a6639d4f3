"""Asks counted anew: what invitations say beside what their cells hold, some days of a touchpoint at a time; what differs is mended.

Whoever counts waits meanwhile; invitations are made, answered and read.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, sessionmaker

from collector import days, db
from collector.invitations import Invitation
from collector.kpis.asks import COUNTS, KEY, Cells, add, filled, zone_of
from collector.kpis.models import AskRollup
from collector.kpis.recounting import Piece, Recounted
from collector.kpis.rollups import HELD

A_WEEK, FARTHEST = timedelta(days=7), timedelta(days=2)
"""No two zones are farther apart than the latter."""


def rebuild(sessions: sessionmaker[Session], workspace_id: uuid.UUID) -> Iterator[Recounted]:
    """Count anew all invitations of a workspace that are counted, and tell after each piece how far it is.

    Each piece is a transaction of its own, so that it may be stopped at any time. What waits to be counted stays the worker's.
    """
    with db.make_readers(sessions)() as reader:
        zone = zone_of(reader, workspace_id)
        found = pieces(reader, workspace_id, zone)
    mended = 0
    for done, piece in enumerate(found, 1):
        with sessions.begin() as session:
            mended += mend(session, piece, zone)
        yield Recounted(len(found), done, mended)


def mend(session: Session, piece: Piece, zone: str) -> int:
    """Make the cells of days, as they are cut in a zone, say what the invitations say; how many cells were wrong."""
    db.hold(session, HELD)
    wrong = {cell: n for cell, n in _differences(session, piece, zone).items() if any(n)}
    add(session, wrong)
    return len(wrong)


def _differences(session: Session, piece: Piece, zone: str) -> Cells:
    """A cell's key -> what must be added to it to be right."""
    found: Cells = defaultdict(lambda: [0, 0, 0])
    cells = AskRollup
    held = select(*[getattr(cells, name) for name in (*KEY, *COUNTS)]).where(
        cells.workspace_id == piece.workspace_id,
        cells.touchpoint == piece.touchpoint,
        cells.day.between(piece.first, piece.last),
    )
    for row in session.execute(held):
        found[tuple(row[:-3])] = [-n for n in row[-3:]]
    for after in range((piece.last - piece.first).days + 1):
        for cell, counts in _of_a_day(session, piece, piece.first + timedelta(days=after), zone):
            found[cell] = [said + held for said, held in zip(counts, found[cell], strict=True)]
    return found


def _of_a_day(
    session: Session, piece: Piece, day: date, zone: str
) -> Iterator[tuple[tuple[object, ...], tuple[int, ...]]]:
    """The cells that the invitations of one day make, by what they are counted as."""
    table = Invitation
    since, until = days.bounds(day, day, zone)
    columns = [filled(name).label(name) for name in KEY if name != "day"]
    counts = [func.sum(case((table.counted >= place, 1), else_=0)) for place in COUNTS.values()]
    query = select(*columns, *counts).where(
        table.workspace_id == piece.workspace_id,
        table.touchpoint == piece.touchpoint,
        table.created_at >= since,
        table.created_at < until,
        table.counted > 0,
    )
    at = KEY.index("day")
    for row in session.execute(query.group_by(*columns)):
        yield (*row[:at], day, *row[at:-3]), tuple(int(n) for n in row[-3:])


def pieces(session: Session, workspace_id: uuid.UUID, zone: str) -> list[Piece]:
    """All days of all touchpoints that have invitations or cells, a week at a time."""
    table, cells = Invitation, AskRollup
    made = select(table.touchpoint, func.min(table.created_at), func.max(table.created_at))
    made = made.where(table.workspace_id == workspace_id).group_by(table.touchpoint)
    spans = {
        touchpoint: (days.day_of(first, zone), days.day_of(last, zone))
        for touchpoint, first, last in session.execute(made)
    }
    held = select(cells.touchpoint, func.min(cells.day), func.max(cells.day))
    held = held.where(cells.workspace_id == workspace_id).group_by(cells.touchpoint)
    for touchpoint, first, last in session.execute(held):
        since, until = spans.get(touchpoint, (first, last))
        spans[touchpoint] = min(first, since), max(last, until)
    return [
        Piece(workspace_id, touchpoint, start, min(start + A_WEEK - days.A_DAY, last))
        for touchpoint, (first, last) in sorted(spans.items())
        for start in (first + A_WEEK * week for week in range((last - first) // A_WEEK + 1))
    ]


def recut_next(
    session: Session, workspace_id: uuid.UUID, touchpoint: str, until: date | None, zone: str
) -> tuple[str, date | None] | None:
    """Move the asks of the next week to the days on which they lie in a zone; None where there are none left.

    ``touchpoint`` is the last that was done, up to the day ``until`` (None: all of it); so is what is returned.
    """
    if until is None:
        cells = AskRollup
        mine = cells.workspace_id == workspace_id, cells.touchpoint > touchpoint
        following = session.scalars(select(cells.touchpoint).where(*mine).order_by(cells.touchpoint).limit(1))
        touchpoint = following.first() or ""
    held = span(session, workspace_id, touchpoint)
    if held is None:
        return None
    first = held[0] - FARTHEST if until is None else until + days.A_DAY
    end = held[1] + FARTHEST
    last = min(first + A_WEEK - days.A_DAY, end)
    mend(session, Piece(workspace_id, touchpoint, first, last), zone)
    return touchpoint, last if last < end else None


def span(session: Session, workspace_id: uuid.UUID, touchpoint: str) -> tuple[date, date] | None:
    """The first and the last day of which there are cells."""
    cells = AskRollup
    mine = cells.workspace_id == workspace_id, cells.touchpoint == touchpoint
    first, last = (
        session.scalar(select(end).where(*mine)) for end in (func.min(cells.day), func.max(cells.day))
    )
    return None if first is None or last is None else (first, last)
