"""Where the pages' numbers come from: a few statements each, none of them per row."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from collector.dashboard.period import Period
from collector.dashboard.readings import Tally
from collector.invitations import Invitation
from collector.kpis import METRICS, cube


def tallies(
    session: Session,
    workspace_id: uuid.UUID,
    period: Period,
    journey: str | None = None,
    touchpoints: tuple[str, ...] | None = None,
) -> list[Tally]:
    """Customers' solicited answers of a period and the one before, by touchpoint, metric, day and score."""
    found: list[Tally] = []
    for metric in METRICS:
        chosen = cube.Slice(
            metric,
            touchpoints=touchpoints,
            journey=journey,
            since=period.before.first,
            until=period.last,
        )
        cells = cube.cells(session, workspace_id, chosen, by=("touchpoint",), interval="day")
        found += [
            Tally(cell.group[0], metric, cell.start, cell.score, cell.n) for cell in cells if cell.start
        ]
    return found


def funnel(
    session: Session, workspace_id: uuid.UUID, period: Period, journey: str | None = None
) -> dict[str, tuple[int, int]]:
    """touchpoint -> (customers who saw the question, those of them who answered), of invitations made in the period."""
    table = Invitation
    saw = or_(table.shown_at.is_not(None), table.state == "answered")
    query = select(
        table.touchpoint,
        func.sum(case((saw, 1), else_=0)),
        func.sum(case((table.state == "answered", 1), else_=0)),
    ).where(
        table.workspace_id == workspace_id,
        table.source == "solicited",
        table.created_at >= _midnight(period),
        table.created_at < _midnight(period, end=True),
    )
    if journey is not None:
        query = query.where(table.journey == journey)
    rows = session.execute(query.group_by(table.touchpoint))
    return {touchpoint: (int(asked), int(answered)) for touchpoint, asked, answered in rows if asked}


def _midnight(period: Period, end: bool = False) -> datetime:
    day = period.last + timedelta(days=1) if end else period.first
    return datetime.combine(day, time(), UTC)
