"""The nightly self-check: some of the rollup is recounted from the answers, and some tallies of closed groups from their
members; what differs is mended and told.

Nothing here is expected to find anything. A figure that is wrong must not stay wrong until somebody wonders.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from random import Random

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector import db
from collector.kpis import asks, recounting, recounting_asks, rollups, tallies
from collector.kpis.models import AskRollup, Rollup
from collector.kpis.recounting import Piece

PLACES, DAYS, ANSWERS = 20, 31, 2_500
"""So many touchpoints, and of each so many days, are recounted in a night; fewer days where they have more answers."""
ASKED_AT = 3
"""At so many touchpoints it is recounted who was asked there on one day."""
EVERY = 86_400.0
log = structlog.get_logger(__name__)


def check(session: Session, now: datetime) -> int:
    """Recount a sample, another each night; how many cells and tallies were wrong, and are right now."""
    db.hold(session, rollups.HELD)
    span = func.min(Rollup.day), func.max(Rollup.day), func.sum(Rollup.n)
    query = select(Rollup.workspace_id, Rollup.touchpoint, *span)
    places = session.execute(query.group_by(Rollup.workspace_id, Rollup.touchpoint)).all()
    chance = Random(now.toordinal())
    some = sorted(
        chance.sample(places, min(PLACES, len(places))), key=lambda place: (place[0].bytes, place[1])
    )
    wrong = sum(
        _mend(session, Piece(workspace_id, touchpoint, *_days(chance, first, last, int(answers))))
        for workspace_id, touchpoint, first, last, answers in some
    )
    wrong += tallies.mend(session, tallies.some(session, [(place[0], place[1]) for place in some], chance))
    asked = sorted(session.execute(select(AskRollup.workspace_id, AskRollup.touchpoint).distinct()).all())
    few = chance.sample(asked, min(ASKED_AT, len(asked)))
    return wrong + sum(_mend_asks(session, chance, *place) for place in few)


def are_there(session: Session, now: datetime) -> bool:
    """Whether there is anything to check."""
    return any(session.scalars(select(each).limit(1)).all() for each in (Rollup.n, AskRollup.asked))


def _days(chance: Random, first: date, last: date, answers: int) -> tuple[date, date]:
    whole = (last - first).days + 1
    length = max(1, min(DAYS, whole * ANSWERS // max(answers, 1)))
    start = first + timedelta(days=chance.randint(0, max(0, whole - length)))
    return start, start + timedelta(days=length - 1)


def _mend(session: Session, piece: Piece) -> int:
    wrong = recounting.mend(session, piece)
    if wrong["cells"]:
        log.warning(
            "rollup_mended",
            workspace=str(piece.workspace_id),
            touchpoint=piece.touchpoint,
            since=piece.first.isoformat(),
            until=piece.last.isoformat(),
            **wrong,
        )
    return wrong["cells"]


def _mend_asks(session: Session, chance: Random, workspace_id: uuid.UUID, touchpoint: str) -> int:
    held = recounting_asks.span(session, workspace_id, touchpoint)
    if held is None:
        return 0
    day = held[0] + timedelta(days=chance.randint(0, (held[1] - held[0]).days))
    wrong = recounting_asks.mend(
        session, Piece(workspace_id, touchpoint, day, day), asks.zone_of(session, workspace_id)
    )
    if wrong:
        log.warning(
            "ask_rollup_mended",
            workspace=str(workspace_id),
            touchpoint=touchpoint,
            day=day.isoformat(),
            cells=wrong,
        )
    return wrong
