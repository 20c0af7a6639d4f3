"""Table: what was sent with test keys, what was decided, and what was answered. Kept for a month."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from collector.db import AtTouchpoint, Key


class TestOrder(AtTouchpoint):
    """A trigger in test mode, with its decision and the answer to it. ``state``: skipped, open, declined, answered."""

    __test__ = False  # no test of the suite's, whatever its name
    __tablename__ = "test_order"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id"], ["workspace.workspace_id"]),
        Index("ix_test_order_received_at", "workspace_id", "received_at"),
        Index("ix_test_order_invitation", "workspace_id", "invitation_id"),
    )

    trigger_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    invitation_id: Mapped[uuid.UUID]
    kid: Mapped[str] = mapped_column(String(10))
    touchpoint: Mapped[str] = mapped_column(Key)
    journey: Mapped[str | None] = mapped_column(Key)
    customer: Mapped[str | None] = mapped_column(String(27))
    transaction: Mapped[str | None] = mapped_column(String(128))
    locale: Mapped[str | None] = mapped_column(String(35))
    reason: Mapped[str] = mapped_column(String(32))
    rule: Mapped[str] = mapped_column(String(200))
    survey: Mapped[str | None] = mapped_column(Key)
    survey_version: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(12))
    response_id: Mapped[uuid.UUID | None]
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    complete: Mapped[bool] = mapped_column(default=False)
    shown_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]
    received_at: Mapped[datetime]
