"""One unhappy customer who wrote something: told to whoever answers for the touchpoint, so many a day at most."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector.communities import runs
from collector.kpis import METRICS
from collector.responses import Response
from collector.signals import raising
from collector.signals.models import Signal
from collector.signals.raising import Found
from collector.signals.settings import Wishes

RULE = "unhappy"
MOST = 10
"""So many of one touchpoint in a day; who wants to read more finds them among its comments."""
A_DAY = timedelta(days=1)


def notice(
    session: Session, workspace_id: uuid.UUID, answers: Sequence[Response], wishes: Wishes, now: datetime
) -> None:
    """Raise what unhappy customers wrote, the first ones of a day."""
    sealed = runs.sealing.series(session, workspace_id)
    heard = [row for row in answers if row.series_id not in sealed and _tells(row)]
    found = {row.response_id: row for row in heard if wishes.at(row.touchpoint).wants(RULE)}
    if not found:
        return
    told = _told(session, workspace_id, {row.touchpoint for row in found.values()}, now)
    for row in sorted(found.values(), key=lambda row: (row.received_at, row.response_id)):
        if told.get(row.touchpoint, 0) < MOST and raising.keep(session, workspace_id, _found(row), now):
            told[row.touchpoint] = told.get(row.touchpoint, 0) + 1


def _tells(row: Response) -> bool:
    said = bool(row.comment) and row.score is not None and row.hidden_at is None
    return said and row.respondent == "customer" and row.score in METRICS[row.metric].bottom


def _found(row: Response) -> Found:
    return Found(
        RULE,
        row.touchpoint,
        str(row.response_id),
        row.day,
        {"score": row.score},
        journey=row.journey,
        metric=row.metric,
        series_id=row.series_id,
        response_id=row.response_id,
    )


def _told(
    session: Session, workspace_id: uuid.UUID, touchpoints: Iterable[str], now: datetime
) -> dict[str, int]:
    query = select(Signal.touchpoint, func.count()).where(
        Signal.workspace_id == workspace_id,
        Signal.rule == RULE,
        Signal.touchpoint.in_(sorted(touchpoints)),
        Signal.raised_at > now - A_DAY,
    )
    return {str(key): int(n) for key, n in session.execute(query.group_by(Signal.touchpoint))}
