"""Table: digest, one per person who wants one."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from collector.db import InWorkspace


class Digest(InWorkspace):
    """A person's wish to be told, ``daily`` or ``weekly``, and what they were told last.

    The row is the job: due at ``due_at``, held by a lease. ``since`` is where the next one begins, ``known`` the verdicts
    that they have read of. Whoever knows ``stop_key`` may end it: it stands in the mail.
    """

    __tablename__ = "digest"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "person_id"], ["person.workspace_id", "person.person_id"]),
        Index("ix_digest_due_at", "due_at"),
        Index("ix_digest_stop_key", "stop_key"),
    )

    person_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    every: Mapped[str] = mapped_column(String(8))
    due_at: Mapped[datetime]
    since: Mapped[datetime]
    known: Mapped[list[str]] = mapped_column(default=list)
    stop_key: Mapped[str] = mapped_column(String(43))
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
