"""The job that sends: claim due deliveries by a lease, send them outside any transaction, note what became of each.

At least once: a worker that dies between sending and noting leaves a lease that runs out, and the message goes once
more under the same Message-ID (or webhook id), by which the receiver can tell. A delivery that is noted is never sent
again. Several workers never hold the same delivery.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import SystemRandom
from typing import Any

import structlog
from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, sessionmaker

from collector import config, db, invitations, looks, workspaces
from collector.communities import runs
from collector.deliveries import permission, smtp
from collector.deliveries.composing import compose
from collector.deliveries.message import Message
from collector.deliveries.models import Delivery
from collector.deliveries.ways import WAYS, Means
from collector.outgoing import SendingFailed, retry

log = structlog.get_logger("collector.deliveries")
_chance = SystemRandom()  # own, so that nobody's seeded sequence is disturbed
BATCH = 10
LEASE = timedelta(minutes=15)
"""Longer than a whole batch can take when every step runs into its timeout."""


@dataclass(frozen=True)
class Parcel:
    """One claimed delivery, ready to leave, with its workspace's settings."""

    message: Message
    lease: datetime
    workspace: dict[str, Any]


def send_due(session: Session, now: datetime, settings: config.Config) -> int:
    """Send what is due, at most one batch; how many were claimed. Of ``session`` only the engine is used."""
    sessions = db.make_sessions(session.get_bind())  # type: ignore[arg-type]
    with sessions.begin() as claiming:
        rows = claim(claiming, now)
        if not rows:
            return 0
        parcels = [parcel for row in rows if (parcel := _packed(claiming, row, settings, now)) is not None]
    with smtp.Mailer(smtp.read(settings.smtp_url)) as mailer:
        for parcel in parcels:
            _note(sessions, parcel, _send(parcel, mailer, settings, now), now)
    return len(rows)


def claim(session: Session, now: datetime, batch: int = BATCH) -> Sequence[Delivery]:
    """Take due deliveries that no living lease holds, oldest first, and lease them; an attempt is counted now."""
    rows = session.scalars(_due(now).limit(batch).with_for_update(skip_locked=True)).all()
    for row in rows:
        row.lease_until, row.attempts = now + LEASE, row.attempts + 1
    session.flush()
    return rows


def _packed(session: Session, row: Delivery, settings: config.Config, now: datetime) -> Parcel | None:
    """The same as ``_pack``; a message that cannot be made is tried again later and holds up no other."""
    try:
        with session.begin_nested():
            return _pack(session, row, settings, now)
    except Exception as error:
        if db.is_passing(error):
            raise
        log.exception("message_not_made", delivery=str(row.delivery_id))
        session.refresh(row)
        _try_again(row, SendingFailed(f"the message cannot be made: {type(error).__name__}"), now)
        return None


def are_due(session: Session, now: datetime) -> bool:
    """Whether anything may be sent: a look that locks nothing."""
    return looks.found(session, _due, now)


def _due(now: datetime) -> Select[Delivery]:
    free = or_(Delivery.lease_until.is_(None), Delivery.lease_until <= now)
    query = select(Delivery).where(Delivery.state == db.constant("queued"), Delivery.run_after <= now, free)
    return query.order_by(Delivery.run_after)


def _pack(session: Session, row: Delivery, settings: config.Config, now: datetime) -> Parcel | None:
    """The message, or None where it is no longer wanted or must wait; looked at again just before it leaves."""
    invitation = session.get_one(invitations.Invitation, (row.workspace_id, row.invitation_id))
    workspace = workspaces.get(session, row.workspace_id)
    reason = _unwanted(session, invitation, row, now)
    if reason is not None:
        _end(row, "dropped", reason, now)
        return None
    if row.attempts > retry.ATTEMPTS:
        _end(row, "dead", "the worker died at each attempt", now)
        return None
    later = permission.send_after(session, workspace, invitation, row.way, now)
    if later > now:
        row.run_after, row.lease_until, row.attempts = later, None, row.attempts - 1
        return None
    return Parcel(compose(session, row, settings.url, now), now + LEASE, workspace.settings)


def _unwanted(
    session: Session, invitation: invitations.Invitation, row: Delivery, now: datetime
) -> str | None:
    if permission.is_unwanted(session, invitation, row.address_hash):
        return "opted out"
    if invitation.state not in {"open", "waiting"}:
        return f"the invitation is {invitation.state}"
    if runs.is_full(session, row.workspace_id, invitation.run, invitation.attributes):
        return "the quota is full"
    return "the invitation has expired" if invitation.expires_at <= now else None


def _send(
    parcel: Parcel, mailer: smtp.Mailer, settings: config.Config, now: datetime
) -> SendingFailed | None:
    delivery = parcel.message.delivery
    try:
        WAYS[delivery.way].send(parcel.message, Means(settings, parcel.workspace, mailer), now)
    except SendingFailed as failure:
        return failure
    except Exception as error:
        log.exception("sending_broke", delivery=str(delivery.delivery_id))
        return SendingFailed(f"sending broke: {type(error).__name__}")
    return None


def _note(
    sessions: sessionmaker[Session], parcel: Parcel, failure: SendingFailed | None, now: datetime
) -> None:
    """Store the outcome, unless the lease was lost to another worker meanwhile."""
    known = parcel.message.delivery
    with sessions.begin() as session:
        query = select(Delivery).where(
            Delivery.workspace_id == known.workspace_id, Delivery.delivery_id == known.delivery_id
        )
        row = session.scalars(db.lock(session, query)).first()
        if row is None or row.state != "queued" or row.lease_until != parcel.lease:
            return
        if failure is None:
            _end(row, "sent", None, now)
        else:
            _try_again(row, failure, now)


def _try_again(row: Delivery, failure: SendingFailed, now: datetime) -> None:
    wait = None if failure.permanent else retry.wait(row.attempts, _chance.random())
    log.warning(
        "delivery_failed", delivery=str(row.delivery_id), way=row.way, reason=str(failure), again=str(wait)
    )
    if wait is None:
        _end(row, "dead", str(failure), now)
    else:
        row.last_error, row.run_after, row.lease_until = str(failure)[:300], now + wait, None


def _end(row: Delivery, state: str, error: str | None, now: datetime) -> None:
    """The delivery is over, and its address is forgotten."""
    row.state, row.ended_at, row.address, row.lease_until = state, now, None, None
    row.last_error = error[:300] if error else None
