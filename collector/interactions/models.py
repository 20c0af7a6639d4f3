"""Tables: interaction (append-only) and journey instance (one customer's one way through a journey)."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKeyConstraint, Index, String, exists, text
from sqlalchemy.orm import Mapped, mapped_column

from collector.db import AtTouchpoint, InWorkspace, Key, Touchpoints

NOWHERE = ""


class JourneyInstance(AtTouchpoint):
    """One customer's one way through a journey; spans days and channels."""

    __tablename__ = "journey_instance"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id"], ["workspace.workspace_id"]),
        Index("ix_journey_instance_customer", "workspace_id", "customer", "journey"),
        Index("ix_journey_instance_journey", "workspace_id", "journey", "last_at"),
        Index("ix_journey_instance_begun", "workspace_id", "journey", "started_at", "instance_id"),
    )

    instance_id: Mapped[str] = mapped_column(String(128), primary_key=True)
    journey: Mapped[str] = mapped_column(Key, primary_key=True)
    journey_version: Mapped[int]
    customer: Mapped[str | None] = mapped_column(String(27))
    started_at: Mapped[datetime]
    last_at: Mapped[datetime]

    @classmethod
    def within(cls, touchpoints: Touchpoints) -> ColumnElement[bool]:
        """Those in which something happened there."""
        met = Interaction.__table__.alias("met").c
        same = (met.workspace_id == cls.workspace_id, met.journey_instance == cls.instance_id)
        return exists().where(*same, met.touchpoint.in_(touchpoints))


class Tombstone(InWorkspace):
    """What was undone, so that what happened before ``at`` and arrives later finds it undone.

    ``kind``: a transaction that was taken back, a customer who was erased, an invitation that went with them; each
    is known by a digest alone, so that a tombstone tells nothing about whom it is for.
    """

    __tablename__ = "tombstone"
    __table_args__ = (ForeignKeyConstraint(["workspace_id"], ["workspace.workspace_id"]),)

    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime]


class Interaction(AtTouchpoint):
    """Something the customer did or met, at a touchpoint; written once, never altered.

    ``touchpoint`` is ``NOWHERE`` for what happened to a transaction and was no contact, such as a refund: it may
    cancel an ask, and is no visit.
    """

    __tablename__ = "interaction"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id"], ["workspace.workspace_id"]),
        Index("ix_interaction_customer", "workspace_id", "customer"),
        Index("ix_interaction_instance", "workspace_id", "journey", "journey_instance", "occurred_at"),
        Index("ix_interaction_touchpoint", "workspace_id", "touchpoint", "occurred_at"),
        Index("ix_interaction_transaction", "workspace_id", "transaction"),
        Index(
            "ix_interaction_unassigned",
            *["workspace_id", "touchpoint", "received_at"],
            postgresql_where=text("known_touchpoint IS false"),
            sqlite_where=text("known_touchpoint IS 0"),
        ),
    )

    interaction_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    event: Mapped[str] = mapped_column(Key)
    touchpoint: Mapped[str] = mapped_column(Key)
    known_touchpoint: Mapped[bool]
    journey: Mapped[str | None] = mapped_column(Key)
    journey_instance: Mapped[str | None] = mapped_column(String(128))
    customer: Mapped[str | None] = mapped_column(String(27))
    transaction: Mapped[str | None] = mapped_column(String(128))
    channel: Mapped[str | None] = mapped_column(String(16))
    persona: Mapped[str | None] = mapped_column(Key)
    attributes: Mapped[dict[str, Any]] = mapped_column(default=dict)
    occurred_at: Mapped[datetime]
    received_at: Mapped[datetime]
