"""The job that finds out which webhooks an event is for, and puts it on its way to each."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from collector import journeys, looks
from collector.webhooks import chat, rules
from collector.webhooks.models import Webhook, WebhookDelivery, WebhookEvent

BATCH = 500


def spread(session: Session, now: datetime) -> int:
    """Put one batch of new events on their way; how many events."""
    rows = session.scalars(_new(now).limit(BATCH).with_for_update(skip_locked=True)).all()
    by_workspace = sorted(rows, key=lambda row: (row.workspace_id, row.event_id))
    for workspace_id, events in groupby(by_workspace, lambda row: row.workspace_id):
        _spread(session, workspace_id, list(events), now)
    for row in rows:
        row.spread_at = now
    session.flush()
    return len(rows)


def are_waiting(session: Session, now: datetime) -> bool:
    """Whether there are new events: a look that locks nothing."""
    return looks.found(session, _new, now)


def _new(_now: datetime) -> Select[WebhookEvent]:
    return select(WebhookEvent).where(WebhookEvent.spread_at.is_(None)).order_by(WebhookEvent.event_id)


def queued(event: WebhookEvent, webhook_id: uuid.UUID, now: datetime) -> WebhookDelivery:
    """An event's way to a webhook, due at once."""
    return WebhookDelivery(
        workspace_id=event.workspace_id,
        webhook_id=webhook_id,
        event_id=event.event_id,
        queued_at=now,
        run_after=now,
    )


def _spread(session: Session, workspace_id: uuid.UUID, events: Sequence[WebhookEvent], now: datetime) -> None:
    query = select(Webhook).where(Webhook.workspace_id == workspace_id, Webhook.disabled_at.is_(None))
    hooks = session.scalars(query.order_by(Webhook.webhook_id)).all()
    owners = journeys.owners_of_all(session, workspace_id) if any(hook.scope for hook in hooks) else {}
    for hook in hooks:
        session.add_all(
            queued(event, hook.webhook_id, now) for event in events if _is_for(hook, event, owners)
        )


def _is_for(hook: Webhook, event: WebhookEvent, owners: Mapping[str, Sequence[str]]) -> bool:
    is_said = hook.form not in chat.PAYLOADS or chat.is_said(event.kind, event.data)
    wanted = event.kind in hook.kinds and is_said
    return wanted and rules.is_for(hook.scope, event.touchpoint, event.data, owners)
