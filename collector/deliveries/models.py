"""Tables: delivery (one invitation on its way to one customer), and the addresses that asked for no more."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKeyConstraint, Index, String, UniqueConstraint, exists, text
from sqlalchemy.orm import Mapped, mapped_column

from collector.db import AtTouchpoint, Base, InWorkspace, Touchpoints

STATES = ("queued", "sent", "dropped", "dead")


class Delivery(AtTouchpoint):
    """An invitation to be sent; the row is the job: claimed by a lease, tried again until it is sent, dropped or dead.

    ``address`` is kept until the message has left, then only its keyed hash; ``code`` is the short link of a text
    message. ``state``: queued, sent, dropped (no longer wanted), dead (given up).
    """

    __tablename__ = "delivery"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "invitation_id"],
            ["invitation.workspace_id", "invitation.invitation_id"],
            ondelete="CASCADE",
        ),
        UniqueConstraint("workspace_id", "invitation_id", "way"),
        Index("ix_delivery_code", "code"),
        Index(
            "ix_delivery_due",
            "run_after",
            postgresql_where=text("state = 'queued'"),
            sqlite_where=text("state = 'queued'"),
        ),
    )

    delivery_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    invitation_id: Mapped[uuid.UUID]
    way: Mapped[str] = mapped_column(String(8))
    address: Mapped[str | None] = mapped_column(String(254))
    address_hash: Mapped[str] = mapped_column(String(24))
    code: Mapped[str] = mapped_column(String(16))
    consent: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(String(8), default="queued")
    attempts: Mapped[int] = mapped_column(default=0)
    run_after: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(String(300))
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    @classmethod
    def within(cls, touchpoints: Touchpoints) -> ColumnElement[bool]:
        """Those of invitations that were made there."""
        made = Base.metadata.tables["invitation"].alias("made").c
        same = (made.workspace_id == cls.workspace_id, made.invitation_id == cls.invitation_id)
        return exists().where(*same, made.touchpoint.in_(touchpoints))


class UnsubscribedAddress(InWorkspace):
    """An address (its keyed hash) that nothing may be sent to, whoever's it is; outlives the customer's erasure."""

    __tablename__ = "unsubscribed_address"
    __table_args__ = (ForeignKeyConstraint(["workspace_id"], ["workspace.workspace_id"]),)

    address_hash: Mapped[str] = mapped_column(String(24), primary_key=True)
    way: Mapped[str] = mapped_column(String(8))
    since: Mapped[datetime]
