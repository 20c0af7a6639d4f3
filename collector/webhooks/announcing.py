"""The door for the other stations: say, in your own transaction, that something has happened.

Where nobody has subscribed, this costs a look into memory (``revisions``) and no statement.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import clock, revisions, statements
from collector.webhooks.kinds import data_of
from collector.webhooks.models import Webhook, WebhookEvent


@dataclass(frozen=True)
class Subject:
    """What an event is about: the facts that its kind's schema reads (a row, or a mapping), where it lies, whose it is.

    Without ``touchpoint`` the facts' ``owners`` say for whom it is; without either it is for everybody.
    """

    facts: Mapping[str, Any] | object
    touchpoint: str | None = None
    customer: str | None = None


def is_wanted(session: Session, workspace_id: uuid.UUID, kind: str) -> bool:
    """Whether an enabled webhook of the workspace has subscribed to this kind."""
    return kind in revisions.remember(
        session, workspace_id, "webhook kinds", lambda: _subscribed(session, workspace_id)
    )


def announce(session: Session, workspace_id: uuid.UUID, kind: str, subject: Subject, now: datetime) -> None:
    """Note that this has happened, if anybody wants to know; it is told when the transaction is committed."""
    announce_all(session, workspace_id, kind, [subject], now)


def announce_all(
    session: Session, workspace_id: uuid.UUID, kind: str, subjects: Sequence[Subject], now: datetime
) -> None:
    """The same for several, in one statement."""
    if subjects and is_wanted(session, workspace_id, kind):
        statements.insert_new_rows(session, [event(workspace_id, kind, subject, now) for subject in subjects])


def event(workspace_id: uuid.UUID, kind: str, subject: Subject, now: datetime) -> WebhookEvent:
    """The row of an event."""
    return WebhookEvent(
        workspace_id=workspace_id,
        event_id=clock.new_id(),
        kind=kind,
        at=now,
        touchpoint=subject.touchpoint,
        customer=subject.customer,
        data=data_of(kind, subject.facts),
    )


def _subscribed(session: Session, workspace_id: uuid.UUID) -> frozenset[str]:
    query = select(Webhook.kinds).where(Webhook.workspace_id == workspace_id, Webhook.disabled_at.is_(None))
    return frozenset(kind for kinds in session.scalars(query) for kind in kinds)
