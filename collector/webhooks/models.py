"""Tables: webhook and how it fares, the events that happened, and each event's way to each webhook."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from collector.db import InWorkspace, Key


class Webhook(InWorkspace):
    """An address of another system that is told of events. ``scope`` None is everything, as a person's.

    ``secret`` signs what is sent; the one before signs too until ``previous_until``. ``disabled_why``: ``person``,
    ``failing`` (for a week) or ``gone`` (it said so).
    """

    __tablename__ = "webhook"
    is_definition = True
    __table_args__ = (ForeignKeyConstraint(["workspace_id"], ["workspace.workspace_id"]),)

    webhook_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    url: Mapped[str] = mapped_column(String(500))
    form: Mapped[str] = mapped_column(String(12), default="standard")
    kinds: Mapped[list[str]]
    scope: Mapped[list[str] | None] = mapped_column(default=None)
    secret: Mapped[str] = mapped_column(String(64))
    previous_secret: Mapped[str | None] = mapped_column(String(64))
    previous_until: Mapped[datetime | None]
    created_by: Mapped[str] = mapped_column(String(254))
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    disabled_why: Mapped[str | None] = mapped_column(String(8))


class WebhookPace(InWorkspace):
    """How a webhook fares: apart from it, as this changes with each message and the definition seldom does.

    Whoever holds the lease sends to it, nobody else. ``served_at`` puts those first who have waited longest.
    """

    __tablename__ = "webhook_pace"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "webhook_id"], ["webhook.workspace_id", "webhook.webhook_id"], ondelete="CASCADE"
        ),
    )

    webhook_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    failing_since: Mapped[datetime | None]
    paused_until: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    served_at: Mapped[datetime]


class WebhookEvent(InWorkspace):
    """Something that happened, as it is told: thin, and of the customer no more than the pseudonym.

    ``spread_at`` None: nobody has looked yet which webhooks it is for.
    """

    __tablename__ = "webhook_event"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id"], ["workspace.workspace_id"]),
        Index("ix_webhook_event_at", "at"),
        Index("ix_webhook_event_customer", "workspace_id", "customer"),
        Index(
            "ix_webhook_event_waiting",
            "event_id",
            postgresql_where=text("spread_at IS NULL"),
            sqlite_where=text("spread_at IS NULL"),
        ),
    )

    event_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime]
    touchpoint: Mapped[str | None] = mapped_column(Key)
    customer: Mapped[str | None] = mapped_column(String(27))
    data: Mapped[dict[str, Any]]
    spread_at: Mapped[datetime | None]


class WebhookDelivery(InWorkspace):
    """One event on its way to one webhook; the row is the job. ``state``: ``queued``, ``sent`` or ``dead`` (given up).

    ``queued_at`` is when its three days began: with the event, or when somebody wanted it sent again.
    """

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "webhook_id"], ["webhook.workspace_id", "webhook.webhook_id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(
            ["workspace_id", "event_id"],
            ["webhook_event.workspace_id", "webhook_event.event_id"],
            ondelete="CASCADE",
        ),
        Index("ix_webhook_delivery_event", "workspace_id", "event_id"),
        Index(
            "ix_webhook_delivery_due",
            "workspace_id",
            "webhook_id",
            "run_after",
            postgresql_where=text("state = 'queued'"),
            sqlite_where=text("state = 'queued'"),
        ),
    )

    webhook_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    event_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(8), default="queued")
    attempts: Mapped[int] = mapped_column(default=0)
    queued_at: Mapped[datetime]
    run_after: Mapped[datetime]
    tried_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    status: Mapped[int | None]
    error: Mapped[str | None] = mapped_column(String(300))
