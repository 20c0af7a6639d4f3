"""The job that sends: lease webhooks that have something due, send to each in a thread of its own, note what came of it.

One webhook that is slow or down holds up no other: each has its own lease and its own pause, and a round goes on without
those that take longer than ``ROUND``. At least once: a process that dies between sending and noting leaves a lease that
runs out, and the message goes once more under the same id, by which the receiver can tell.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Select, and_, exists, or_, select, update
from sqlalchemy.orm import Session, sessionmaker

from collector import config, db, looks
from collector.outgoing import SendingFailed, egress
from collector.webhooks import rules
from collector.webhooks.messages import Endpoint, Outcome, Parcel, endpoint, parcels
from collector.webhooks.models import Webhook, WebhookDelivery, WebhookEvent, WebhookPace
from collector.webhooks.settling import settle

log = structlog.get_logger("collector.webhooks")
BATCH = 20
"""So many messages go to one webhook in a row."""
AT_ONCE = 16
"""So many webhooks are served by one process at the same time."""
BUDGET, ROUND = 20.0, 2.0
"""Seconds after which a batch begins no other message, and after which a round leaves slow webhooks to themselves."""
LEASE = timedelta(minutes=5)
"""Longer than a batch can take."""
NAME = "afterword-webhook"
Work = tuple[Endpoint, list[Parcel]]


def send_due(session: Session, now: datetime, settings: config.Config, patience: float = ROUND) -> int:
    """Serve the webhooks that have waited longest; how many. Of ``session`` only the engine is used."""
    sessions = db.make_sessions(session.get_bind())  # type: ignore[arg-type]
    free = AT_ONCE - sum(thread.name == NAME for thread in threading.enumerate())
    if free <= 0:
        return 0
    with sessions.begin() as claiming:
        work = claim(claiming, now, settings.url, free)
    threads = [
        threading.Thread(target=_serve, args=(sessions, *each, settings, now), name=NAME, daemon=True)
        for each in work
    ]
    for thread in threads:
        thread.start()
    until = time.monotonic() + patience
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
    return len(work)


def are_due(session: Session, now: datetime) -> bool:
    """Whether anything may be sent: a look that locks nothing."""
    return looks.found(session, _due, now)


def claim(session: Session, now: datetime, url: str, limit: int = AT_ONCE) -> list[Work]:
    """Lease webhooks that nobody serves and that have something due, with their oldest messages."""
    query = _due(now).limit(limit).with_for_update(skip_locked=True, of=WebhookPace)
    work = []
    for pace in session.scalars(query).all():
        _bury(session, pace, now)
        rows = _messages(session, pace, now)
        if rows:
            pace.lease_until, pace.served_at = now + LEASE, now
            hook = session.get_one(Webhook, (pace.workspace_id, pace.webhook_id))
            work.append((endpoint(hook, pace.lease_until, now), parcels(session, hook, rows, url)))
    session.flush()
    return work


def _due(now: datetime) -> Select[WebhookPace]:
    same = and_(
        WebhookDelivery.workspace_id == WebhookPace.workspace_id,
        WebhookDelivery.webhook_id == WebhookPace.webhook_id,
    )
    waits = exists().where(
        same, WebhookDelivery.state == db.constant("queued"), WebhookDelivery.run_after <= now
    )
    hook = and_(
        Webhook.workspace_id == WebhookPace.workspace_id, Webhook.webhook_id == WebhookPace.webhook_id
    )
    free = or_(WebhookPace.lease_until.is_(None), WebhookPace.lease_until <= now)
    awake = or_(WebhookPace.paused_until.is_(None), WebhookPace.paused_until <= now)
    query = select(WebhookPace).join(Webhook, hook).where(Webhook.disabled_at.is_(None), free, awake, waits)
    return query.order_by(WebhookPace.served_at)


def _bury(session: Session, pace: WebhookPace, now: datetime) -> None:
    """Give up what has waited for longer than its three days, behind others or while the webhook was disabled."""
    session.execute(
        update(WebhookDelivery)
        .where(
            WebhookDelivery.workspace_id == pace.workspace_id,
            WebhookDelivery.webhook_id == pace.webhook_id,
            WebhookDelivery.state == "queued",
            WebhookDelivery.queued_at <= now - rules.LIFE,
        )
        .values(state="dead", ended_at=now)
        .execution_options(synchronize_session=False)
    )


def _messages(session: Session, pace: WebhookPace, now: datetime) -> Sequence[WebhookEvent]:
    """What is due for a webhook, the oldest first: a batch, or one message to see whether it is back."""
    row = WebhookDelivery
    same = and_(row.workspace_id == WebhookEvent.workspace_id, row.event_id == WebhookEvent.event_id)
    here = (row.workspace_id == pace.workspace_id, row.webhook_id == pace.webhook_id)
    due = (row.state == db.constant("queued"), row.run_after <= now)
    query = select(WebhookEvent).join(row, same).where(*here, *due).order_by(row.event_id)
    return session.scalars(query.limit(1 if pace.failures else BATCH)).all()


def _serve(
    sessions: sessionmaker[Session],
    to: Endpoint,
    parcels: Sequence[Parcel],
    settings: config.Config,
    now: datetime,
) -> None:
    """Send a batch to one webhook until it fails or takes too long, and give up the lease."""
    began = time.monotonic()
    try:
        for each in parcels:
            at = now + timedelta(seconds=time.monotonic() - began)
            outcome = deliver(to, each, settings, at)
            with sessions.begin() as session:
                goes_on = settle(session, to, each, outcome, at)
            if not goes_on or time.monotonic() - began > BUDGET:
                break
        with sessions.begin() as session:
            _release(session, to)
    except Exception:
        log.exception("webhook_not_served", webhook=str(to.webhook_id))


def deliver(to: Endpoint, each: Parcel, settings: config.Config, at: datetime) -> Outcome:
    """One attempt, outside any transaction."""
    try:
        return Outcome(egress.post(to.url, each.body, to.headers(each, at), settings.private_hosts))
    except SendingFailed as failure:
        return Outcome(None, str(failure))
    except Exception as error:
        log.exception("webhook_sending_broke", webhook=str(to.webhook_id))
        return Outcome(None, f"sending broke: {type(error).__name__}")


def _release(session: Session, to: Endpoint) -> None:
    session.execute(
        update(WebhookPace)
        .where(
            WebhookPace.workspace_id == to.workspace_id,
            WebhookPace.webhook_id == to.webhook_id,
            WebhookPace.lease_until == to.lease,
        )
        .values(lease_until=None)
        .execution_options(synchronize_session=False)
    )
