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


class MailWish(InWorkspace):
    """When a person is told of what is theirs: ``at_once``, in the ``digest``, or ``none``; without a row: in the digest.

    What happened before ``since`` is not told at once. The row is held by a lease while a mail is on its way; ``told_at``
    is when the last one left. Whoever knows ``stop_key`` may end it: it stands in the mail.
    """

    __tablename__ = "mail_wish"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "person_id"], ["person.workspace_id", "person.person_id"]),
        Index("ix_mail_wish_stop_key", "stop_key"),
    )

    person_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    signals: Mapped[str] = mapped_column(String(8), default="digest")
    insights: Mapped[str] = mapped_column(String(8), default="digest")
    actions: Mapped[str] = mapped_column(String(8), default="digest")
    since: Mapped[datetime]
    stop_key: Mapped[str] = mapped_column(String(43))
    told_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)


class InstantNews(InWorkspace):
    """One thing that one person is told at once, once: ``occasion`` says what of it, ``key`` where it is found.

    Those of one mail have the same ``mail_id``, from when it is first tried; ``told_at`` None: it has not left yet.
    """

    __tablename__ = "instant_news"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "person_id"], ["person.workspace_id", "person.person_id"]),
        Index("ix_instant_news_due_at", "told_at", "due_at"),
    )

    person_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    occasion: Mapped[str] = mapped_column(String(80), primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    key: Mapped[uuid.UUID]
    noticed_at: Mapped[datetime]
    due_at: Mapped[datetime]
    mail_id: Mapped[uuid.UUID | None]
    told_at: Mapped[datetime | None]
