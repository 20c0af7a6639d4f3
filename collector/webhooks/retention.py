"""The job that lets go of old events: after 30 days; of those that name an erased customer, as soon as they are over."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, or_, select, tuple_
from sqlalchemy.orm import Session

from collector.webhooks import rules
from collector.webhooks.kinds import ERASED
from collector.webhooks.models import WebhookEvent

KEPT = timedelta(days=30)
BATCH = 500


def let_go(session: Session, now: datetime) -> int:
    """Delete one batch of old events with their ways; how many."""
    key = (WebhookEvent.workspace_id, WebhookEvent.event_id)
    rows = session.execute(select(*key).where(_old(now)).limit(BATCH)).all()
    if rows:
        session.execute(delete(WebhookEvent).where(tuple_(*key).in_([tuple(row) for row in rows])))
    return len(rows)


def are_old(session: Session, now: datetime) -> bool:
    """Whether there is anything to delete."""
    return session.scalars(select(WebhookEvent.event_id).where(_old(now)).limit(1)).first() is not None


def _old(now: datetime) -> ColumnElement[bool]:
    of_the_erased = and_(WebhookEvent.kind == ERASED, WebhookEvent.at < now - rules.LIFE)
    return or_(WebhookEvent.at < now - KEPT, and_(WebhookEvent.at < now - rules.LIFE, of_the_erased))
