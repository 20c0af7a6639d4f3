"""The nightly self-check: some of the rollup is recounted from the answers, and what differs is mended and told.

Nothing here is expected to find anything. A figure that is wrong must not stay wrong until somebody wonders.
"""

from __future__ import annotations

import uuid
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector import db
from collector.kpis import rollups
from collector.kpis.models import Rollup
from collector.responses import Response

PLACES, DAYS = 20, 31
"""So many touchpoints, and of each so many days, are recounted in a night."""
EVERY = 86_400.0
A_DAY = timedelta(days=1)
log = structlog.get_logger(__name__)


def check(session: Session, now: datetime) -> int:
    """Recount a sample, another each night; how many cells were wrong, and are right now."""
    db.hold(session, rollups.HELD)
    query = select(Rollup.workspace_id, Rollup.touchpoint, func.min(Rollup.day), func.max(Rollup.day))
    places = session.execute(query.group_by(Rollup.workspace_id, Rollup.touchpoint)).all()
    chance = Random(now.toordinal())
    some = sorted(
        chance.sample(places, min(PLACES, len(places))), key=lambda place: (place[0].bytes, place[1])
    )
    return sum(
        _mend(session, workspace_id, touchpoint, *_days(chance, first, last))
        for workspace_id, touchpoint, first, last in some
    )


def are_there(session: Session, now: datetime) -> bool:
    """Whether there is anything to check."""
    return session.scalars(select(Rollup.n).limit(1)).first() is not None


def _days(chance: Random, first: date, last: date) -> tuple[date, date]:
    start = first + timedelta(days=chance.randint(0, max(0, (last - first).days - DAYS + 1)))
    return start, start + timedelta(days=DAYS - 1)


def _mend(session: Session, workspace_id: uuid.UUID, touchpoint: str, first: date, last: date) -> int:
    right = _recounted(session, workspace_id, touchpoint, first, last)
    stored = _stored(session, workspace_id, touchpoint, first, last)
    wrong = {cell: right[cell] - stored[cell] for cell in {*right, *stored} if right[cell] != stored[cell]}
    if wrong:
        rollups.add(session, Counter(wrong))
        log.warning(
            "rollup_mended",
            workspace=str(workspace_id),
            touchpoint=touchpoint,
            since=first.isoformat(),
            until=last.isoformat(),
            cells=len(wrong),
            answers=sum(map(abs, wrong.values())),
        )
    return len(wrong)


def _at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _recounted(
    session: Session, workspace_id: uuid.UUID, touchpoint: str, first: date, last: date
) -> Counter[tuple[Any, ...]]:
    query = select(Response).where(
        Response.workspace_id == workspace_id,
        Response.touchpoint == touchpoint,
        Response.day.between(first, last),
        Response.occurred_at.between(_at(first) - A_DAY, _at(last) + 2 * A_DAY),  # as the index has them
        Response.counted_at.is_not(None),
    )
    rows = session.scalars(query.execution_options(yield_per=1000, populate_existing=True))
    return Counter(rollups.cell_of(row) for row in rows)


def _stored(
    session: Session, workspace_id: uuid.UUID, touchpoint: str, first: date, last: date
) -> Counter[tuple[Any, ...]]:
    columns = [getattr(Rollup, name) for name in rollups.COLUMNS]
    query = select(*columns, Rollup.n).where(
        Rollup.workspace_id == workspace_id, Rollup.touchpoint == touchpoint, Rollup.day.between(first, last)
    )
    return Counter({tuple(row[:-1]): row[-1] for row in session.execute(query)})
