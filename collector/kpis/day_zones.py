"""Days cut anew: where a company changed its time zone, each answer moves to the day on which it lies now, and its count
with it.

Batch by batch, in the order of the answers' ids, then the asks of one touchpoint after the other, a week at a time; figures stay whole at every moment. Groups of five keep the day of
their release: what has been published is not moved.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, or_, select, tuple_
from sqlalchemy.orm import Session

from collector import days, db, looks
from collector.kpis import groups, recounting_asks, rollups
from collector.kpis.models import Recut
from collector.responses import Response
from collector.workspaces import Workspace

BATCH = 500
FIRST, LAST = uuid.UUID(int=0), uuid.UUID(int=2**128 - 1)
LATE = timedelta(seconds=10)
"""So long after a change some process may still cut a day by the zone before: nothing is moved until then."""


def recut(session: Session, now: datetime, batch: int = BATCH) -> int:
    """Look at the next answers of one workspace whose zone has changed; 0 where nothing is to do."""
    db.hold(session, rollups.HELD)
    found = session.execute(_due(now - LATE).limit(1)).first()
    if found is None:
        return 0
    workspace_id, zone = found
    state = session.get(Recut, workspace_id, populate_existing=True)
    if state is None or state.zone != zone:
        begun = {"reached": FIRST, "asks_of": "", "asks_until": None, "began_at": now}
        session.merge(Recut(workspace_id=workspace_id, zone=zone, **begun))
        return 1
    rows = _next(session, state, batch)
    _move(session, rows, zone)
    if rows:
        state.reached = rows[-1].response_id
        return len(rows)
    done = recounting_asks.recut_next(session, workspace_id, state.asks_of, state.asks_until, zone)
    if done is None:
        _end(session, state)
    else:
        state.asks_of, state.asks_until = done
    return 1


def are_waiting(session: Session, now: datetime) -> bool:
    """Whether the days of any workspace are not cut by its zone: a look that locks nothing."""
    return looks.found(session, _due, now - LATE)


def _due(late: datetime) -> Select[uuid.UUID, str]:
    """Those of which something can be done; who began before ``late`` and has not ended has died."""
    query = select(Workspace.workspace_id, Workspace.timezone)
    query = query.outerjoin(Recut, Recut.workspace_id == Workspace.workspace_id)
    is_new = or_(Recut.zone.is_(None), Recut.zone != Workspace.timezone)
    is_behind = or_(Workspace.days_zone != Workspace.timezone, Recut.zone.is_not(None))
    return query.where(is_behind, or_(is_new, Recut.began_at <= late)).order_by(Workspace.workspace_id)


def _end(session: Session, state: Recut) -> None:
    workspace = session.get_one(Workspace, state.workspace_id)
    workspace.days_zone = state.zone
    session.delete(state)


def _next(session: Session, state: Recut, batch: int) -> Sequence[Response]:
    """By the key alone, of which no planner can think that reading all of a workspace is cheaper."""
    key = tuple_(Response.workspace_id, Response.response_id)
    query = select(Response).where(
        key > (state.workspace_id, state.reached), key < (state.workspace_id, LAST)
    )
    ordered = query.order_by(Response.workspace_id, Response.response_id).limit(batch)
    return session.scalars(ordered.execution_options(populate_existing=True)).all()


def _move(session: Session, rows: Sequence[Response], zone: str) -> None:
    """Give each answer its day, and move those that are counted from cell to cell."""
    cells: Counter[tuple[Any, ...]] = Counter()
    moved: list[Response] = []
    for row in rows:
        day = days.day_of(row.occurred_at, zone)
        if day == row.day:
            continue
        counted = row.counted_at is not None
        cells[rollups.cell_of(row)] -= counted
        row.day = day
        cells[rollups.cell_of(row)] += counted
        moved.append(row)
    session.flush()
    groups.move(session, moved)
    rollups.add(session, Counter({cell: n for cell, n in cells.items() if n}))
