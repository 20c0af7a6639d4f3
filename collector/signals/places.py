"""What is watched of a touchpoint as a whole: how many answers came on each day, and how many comments, whatever they say."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector import db, statements
from collector.invitations import FOLLOW_UP
from collector.kpis import Rollup
from collector.responses import Response
from collector.signals import silences
from collector.signals.models import SignalPlace

KEPT = timedelta(days=84)
"""Days that say how many answers are usual."""


def of_customers(answers: Iterable[Response]) -> list[Response]:
    """The answers that count here: not those of staff, nor what a run or a round of follow-ups brings."""
    asked_alike = (row for row in answers if row.run is None and row.source != FOLLOW_UP)
    return [row for row in asked_alike if row.respondent == "customer"]


def held(
    session: Session, workspace_id: uuid.UUID, answers: Sequence[Response], now: datetime
) -> dict[str, SignalPlace]:
    """The watches over the touchpoints of these answers, held until the end of the transaction.

    A new one knows the days before its first answer; with the first of all, asks are watched too.
    """
    if not answers:
        return {}
    first: dict[str, date] = {}
    for row in answers:
        first[row.touchpoint] = min(row.day, first.get(row.touchpoint, row.day))
    found = _held(session, workspace_id, first)
    new = {touchpoint: day for touchpoint, day in first.items() if touchpoint not in found}
    if new:
        before = _days_before(session, workspace_id, new)
        made = [_new(workspace_id, key, day, before.get(key, {})) for key, day in sorted(new.items())]
        statements.insert_new_rows(session, made)
        silences.begin(session, workspace_id, now)
        found = _held(session, workspace_id, first)
    return found


def hear(watches: Mapping[str, SignalPlace], answers: Iterable[Response], now: datetime) -> None:
    """Count the comments about touchpoints among what is new; whoever groups them looks where enough are new."""
    for row in answers:
        if row.comment and row.target == "touchpoint" and row.touchpoint in watches:
            watch = watches[row.touchpoint]
            watch.said += 1
            watch.said_since = watch.said_since or row.day
            if watch.due_at is None and watch.said >= watch.looked + watch.wait:
                watch.due_at = now


def _held(session: Session, workspace_id: uuid.UUID, touchpoints: Collection[str]) -> dict[str, SignalPlace]:
    query = select(SignalPlace).where(
        SignalPlace.workspace_id == workspace_id, SignalPlace.touchpoint.in_(sorted(touchpoints))
    )
    query = query.order_by(SignalPlace.touchpoint)
    rows = session.scalars(db.lock(session, query).execution_options(populate_existing=True))
    return {row.touchpoint: row for row in rows}


def _new(workspace_id: uuid.UUID, touchpoint: str, first: date, before: Mapping[date, int]) -> SignalPlace:
    return SignalPlace(
        workspace_id=workspace_id,
        touchpoint=touchpoint,
        began_on=min(before, default=first),
        days={day.isoformat(): n for day, n in before.items()},
    )


def _days_before(
    session: Session, workspace_id: uuid.UUID, first: Mapping[str, date]
) -> dict[str, dict[date, int]]:
    """Touchpoint -> day -> the answers of customers that came there, none of them imported."""
    table, until = Rollup, min(first.values())
    query = select(table.touchpoint, table.day, func.sum(table.n)).where(
        table.workspace_id == workspace_id,
        table.touchpoint.in_(sorted(first)),
        table.respondent == db.constant("customer"),
        table.source.not_in((db.constant("imported"), db.constant(FOLLOW_UP))),
        table.day >= until - KEPT,
        table.day < until,
    )
    found: dict[str, dict[date, int]] = {}
    for touchpoint, day, n in session.execute(query.group_by(table.touchpoint, table.day)):
        found.setdefault(touchpoint, {})[day] = int(n)
    return found
