"""The table of changes."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from collector.db import InWorkspace, Key


class Change(InWorkspace):
    """Who changed what, when: one row per change of a definition, never altered."""

    __tablename__ = "change"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id"], ["workspace.workspace_id"]),
        Index("ix_change_workspace_id_at", "workspace_id", "at"),
    )

    change_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(254))
    noun: Mapped[str] = mapped_column(String(32))
    key: Mapped[str] = mapped_column(Key)
    verb: Mapped[str] = mapped_column(String(16))
    before: Mapped[dict[str, Any] | None] = mapped_column(default=None)
    after: Mapped[dict[str, Any] | None] = mapped_column(default=None)
