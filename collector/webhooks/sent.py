"""The log of what went to a webhook, in the order in which it happened; and sending it again."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.orm import Session

from collector import db, errors
from collector.webhooks.models import Webhook, WebhookDelivery, WebhookEvent, WebhookPace

STATES = ("queued", "sent", "dead")
PAGE, LARGEST_PAGE = 50, 500


@dataclass(frozen=True)
class Entry:
    """One event and how it fared on its way to one webhook."""

    event: WebhookEvent
    delivery: WebhookDelivery


def log(
    session: Session,
    row: Webhook,
    state: str | None = None,
    after: uuid.UUID | None = None,
    before: uuid.UUID | None = None,
    limit: int = PAGE,
) -> list[Entry]:
    """The newest first; with ``after``, what followed that event, the oldest first: for who reads on where they were."""
    same = and_(
        WebhookDelivery.workspace_id == WebhookEvent.workspace_id,
        WebhookDelivery.event_id == WebhookEvent.event_id,
    )
    query = select(WebhookEvent, WebhookDelivery).join(WebhookDelivery, same).where(*_of(row))
    if state is not None:
        query = query.where(WebhookDelivery.state == state)
    if after is not None:
        query = query.where(WebhookDelivery.event_id > after)
    if before is not None:
        query = query.where(WebhookDelivery.event_id < before)
    order = WebhookDelivery.event_id if after is not None else WebhookDelivery.event_id.desc()
    return [Entry(event, way) for event, way in session.execute(query.order_by(order).limit(limit))]


def resend(session: Session, row: Webhook, event_id: uuid.UUID, now: datetime) -> int:
    """Send one event again under its id; raises 404 for one that is not in the log."""
    if not _again(session, row, WebhookDelivery.event_id == event_id, now):
        raise errors.NotFound("There is no such event in the log of this webhook.", "unknown_event")
    return 1


def resend_since(session: Session, row: Webhook, since: datetime, now: datetime) -> int:
    """Send everything again that happened since a time, and went or was to go to this webhook; how much."""
    theirs = select(WebhookEvent.event_id).where(
        WebhookEvent.workspace_id == row.workspace_id, WebhookEvent.at >= since
    )
    return _again(session, row, WebhookDelivery.event_id.in_(theirs), now)


def _again(session: Session, row: Webhook, which: ColumnElement[bool], now: datetime) -> int:
    if row.disabled_at is not None:
        raise errors.Conflict("This webhook is disabled; enable it first.", "webhook_disabled")
    here = (WebhookPace.workspace_id == row.workspace_id, WebhookPace.webhook_id == row.webhook_id)
    pace = session.scalars(db.lock(session, select(WebhookPace).where(*here))).one()
    pace.paused_until = None
    session.flush()
    renewed = session.execute(
        update(WebhookDelivery)
        .where(*_of(row), which)
        .values(state="queued", attempts=0, queued_at=now, run_after=now, ended_at=None)
        .execution_options(synchronize_session=False)
    )
    return int(renewed.rowcount)  # type: ignore[attr-defined]


def _of(row: Webhook) -> tuple[ColumnElement[bool], ...]:
    return (
        WebhookDelivery.workspace_id == row.workspace_id,
        WebhookDelivery.webhook_id == row.webhook_id,
    )
