"""Tables: change, and the head of each workspace's chain of them."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from collector.db import InWorkspace, Key


class Change(InWorkspace):
    """Who did what, when: never altered. ``number`` and ``hash`` are given when the transaction is committed."""

    __tablename__ = "change"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id"], ["workspace.workspace_id"]),
        Index("ix_change_workspace_id_at", "workspace_id", "at"),
        UniqueConstraint("workspace_id", "number"),
    )

    change_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(254))
    noun: Mapped[str] = mapped_column(String(32))
    key: Mapped[str] = mapped_column(Key)
    verb: Mapped[str] = mapped_column(String(16))
    before: Mapped[dict[str, Any] | None] = mapped_column(default=None)
    after: Mapped[dict[str, Any] | None] = mapped_column(default=None)
    number: Mapped[int | None] = mapped_column(default=None)
    hash: Mapped[str | None] = mapped_column(String(64), default=None)


class ChangeHead(InWorkspace):
    """Where a workspace's chain ends, and where it begins since older rows were let go."""

    __tablename__ = "change_head"
    __table_args__ = (ForeignKeyConstraint(["workspace_id"], ["workspace.workspace_id"]),)

    number: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))
    kept_from: Mapped[int]
    kept_hash: Mapped[str] = mapped_column(String(64))
