"""Tables: share_link, a read-only way into one page for someone without an account; comment_mark, who sees to what."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from collector.db import InWorkspace, Key


class CommentMark(InWorkspace):
    """How far a department is with a comment: ``seen``, ``working`` or ``done``; goes with the answer."""

    __tablename__ = "comment_mark"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "response_id"],
            ["response.workspace_id", "response.response_id"],
            ondelete="CASCADE",
        ),
    )

    response_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(8))
    marked_by: Mapped[str] = mapped_column(String(254))
    marked_at: Mapped[datetime]


class ShareLink(InWorkspace):
    """Opens one journey or one touchpoint's dashlet until it expires or is withdrawn; the link's secret is stored hashed.

    ``scope`` is its maker's: it shows no figure that they do not see.
    """

    __tablename__ = "share_link"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id"], ["workspace.workspace_id"]),
        Index("ix_share_link_hash", "hash"),
        Index("ix_share_link_place", "workspace_id", "noun", "key"),
    )

    share_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    hash: Mapped[str] = mapped_column(String(64))
    noun: Mapped[str] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(Key)
    days: Mapped[int]
    note: Mapped[str] = mapped_column(String(120), default="")
    scope: Mapped[list[str] | None] = mapped_column(default=None)
    created_by: Mapped[str] = mapped_column(String(254))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
