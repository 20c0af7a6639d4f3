"""What became of an attempt is noted: sent, tried again later, given up; and a webhook that fails for a week is disabled."""

from __future__ import annotations

from datetime import datetime
from random import SystemRandom

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from collector import db
from collector.changes import record
from collector.webhooks import rules
from collector.webhooks.messages import Endpoint, Outcome, Parcel
from collector.webhooks.models import Webhook, WebhookDelivery, WebhookPace

log = structlog.get_logger("collector.webhooks")
_chance = SystemRandom()  # own, so that nobody's seeded sequence is disturbed
SENDER = "afterword"
"""Who stands in the record for what nobody did."""


def settle(session: Session, to: Endpoint, parcel: Parcel, outcome: Outcome, now: datetime) -> bool:
    """Note an attempt; whether the next message may follow. Nothing where the lease was lost or the event erased."""
    query = select(WebhookPace).where(
        WebhookPace.workspace_id == to.workspace_id, WebhookPace.webhook_id == to.webhook_id
    )
    pace = session.scalars(db.lock(session, query)).first()
    if pace is None or pace.lease_until != to.lease:
        return False
    row = session.get(WebhookDelivery, (to.workspace_id, to.webhook_id, parcel.event_id))
    if row is not None and row.state == "queued":
        _note(row, outcome, now)
    if outcome.is_good:
        _is_well(session, pace, now)
    else:
        _fails(session, pace, outcome, now)
    return outcome.is_good


def _note(row: WebhookDelivery, outcome: Outcome, now: datetime) -> None:
    row.attempts, row.tried_at = row.attempts + 1, now
    row.status, row.error = outcome.status, outcome.error[:300] if outcome.error else None
    if outcome.is_good:
        row.state, row.ended_at = "sent", now
        return
    again = rules.next_try(row.attempts, row.queued_at, now, _chance.random())
    if again is None:
        row.state, row.ended_at = "dead", now
    else:
        row.run_after = again


def _is_well(session: Session, pace: WebhookPace, now: datetime) -> None:
    """After an outage, everything that waits may go at once."""
    was_out = pace.failing_since is not None and pace.failing_since <= now - rules.OUTAGE
    pace.failures, pace.failing_since, pace.paused_until = 0, None, None
    if was_out:
        session.execute(
            update(WebhookDelivery)
            .where(
                WebhookDelivery.workspace_id == pace.workspace_id,
                WebhookDelivery.webhook_id == pace.webhook_id,
                WebhookDelivery.state == "queued",
                WebhookDelivery.run_after > now,
            )
            .values(run_after=WebhookDelivery.queued_at)
            .execution_options(synchronize_session=False)
        )


def _fails(session: Session, pace: WebhookPace, outcome: Outcome, now: datetime) -> None:
    pace.failures += 1
    pace.failing_since = pace.failing_since or now
    pace.paused_until = now + rules.pause(pace.failures)
    log.warning(
        "webhook_failed",
        webhook=str(pace.webhook_id),
        status=outcome.status,
        reason=outcome.error,
        failures=pace.failures,
    )
    gone = outcome.status == rules.GONE
    if gone or pace.failing_since <= now - rules.PATIENCE:
        _disable(session, pace, "gone" if gone else "failing", now)


def _disable(session: Session, pace: WebhookPace, why: str, now: datetime) -> None:
    hook = session.get_one(Webhook, (pace.workspace_id, pace.webhook_id))
    if hook.disabled_at is None:
        hook.disabled_at, hook.disabled_why = now, why
        session.flush()
        after = {"name": hook.name, "why": why}
        record(
            session, pace.workspace_id, now, SENDER, "disabled", "webhook", str(hook.webhook_id), None, after
        )
