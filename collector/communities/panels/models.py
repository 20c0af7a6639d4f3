"""Tables: panel, panel_consent (its texts), panel_member, panel_contact (kept apart, sealed), panel_ask (a run's ask)."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from collector.db import InWorkspace, Key

SOURCES = ("import", "link", "answer")
"""How somebody joined."""


class Panel(InWorkspace):
    """A group of people who agreed to be asked again and again.

    Its own limits stand beside the contact policy: ``rest_days`` lie between two asks of one member, and whoever does not
    answer hears of it at most ``reminders`` times more, ``remind_after_days`` apart. ``joins_at``: the touchpoint after
    whose answers customers are offered to join.
    """

    __tablename__ = "panel"
    is_definition = True
    __table_args__ = (ForeignKeyConstraint(["workspace_id"], ["workspace.workspace_id"]),)

    key: Mapped[str] = mapped_column(Key, primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    rest_days: Mapped[int] = mapped_column(default=14)
    reminders: Mapped[int] = mapped_column(default=1)
    remind_after_days: Mapped[int] = mapped_column(default=3)
    joins_at: Mapped[str | None] = mapped_column(Key)
    created_at: Mapped[datetime]


class PanelConsent(InWorkspace):
    """One version of what members of a panel agree to, by language; written once, never altered.

    ``one_by_one``: it says that a team reads what a member answers, one by one under a pseudonym; else only aggregates.
    """

    __tablename__ = "panel_consent"
    __table_args__ = (ForeignKeyConstraint(["workspace_id", "panel"], ["panel.workspace_id", "panel.key"]),)

    panel: Mapped[str] = mapped_column(Key, primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    texts: Mapped[dict[str, Any]]
    one_by_one: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class PanelMember(InWorkspace):
    """A customer in a panel, by pseudonym, with the proof of what they agreed to.

    Who has left keeps their row without attributes, so that no later import brings them back.
    """

    __tablename__ = "panel_member"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "panel"], ["panel.workspace_id", "panel.key"]),
        UniqueConstraint("workspace_id", "panel", "customer"),
        Index("ix_panel_member_customer", "workspace_id", "customer"),
    )

    member_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    panel: Mapped[str] = mapped_column(Key)
    customer: Mapped[str] = mapped_column(String(27))
    attributes: Mapped[dict[str, Any]] = mapped_column(default=dict)
    locale: Mapped[str | None] = mapped_column(String(35))
    source: Mapped[str] = mapped_column(String(12))
    consent_text: Mapped[str] = mapped_column(String(64))
    consent_at: Mapped[datetime]
    consent_source: Mapped[str] = mapped_column(String(200))
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]


class PanelContact(InWorkspace):
    """How a member is reached (e-mail, phone, name), sealed (``contacts``); gone when they leave.

    ``key_name`` tells by which secret, so that it can be sealed anew before that one is left out.
    """

    __tablename__ = "panel_contact"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "member_id"],
            ["panel_member.workspace_id", "panel_member.member_id"],
            ondelete="CASCADE",
        ),
        Index("ix_panel_contact_key_name", "workspace_id", "key_name"),
    )

    member_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    key_name: Mapped[str] = mapped_column(String(12))


class PanelAsk(InWorkspace):
    """A run asks a member, once; the row is the job, tried again until it is over.

    ``way``: ``email``, ``link`` (the company sends it) or ``page`` (shown when they are signed in). ``state``: waiting,
    asked, skipped (``reason`` says why), ended (they left the panel). ``run_after`` is when there is something to do next.
    """

    __tablename__ = "panel_ask"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "member_id"],
            ["panel_member.workspace_id", "panel_member.member_id"],
            ondelete="CASCADE",
        ),
        Index("ix_panel_ask_member", "workspace_id", "member_id", "asked_at"),
        Index("ix_panel_ask_invitation", "workspace_id", "invitation_id"),
        Index(
            "ix_panel_ask_waiting",
            "run_after",
            postgresql_where=text("state = 'waiting'"),
            sqlite_where=text("state = 'waiting'"),
        ),
        Index(
            "ix_panel_ask_reminder",
            "remind_at",
            postgresql_where=text("remind_at IS NOT NULL"),
            sqlite_where=text("remind_at IS NOT NULL"),
        ),
    )

    run: Mapped[str] = mapped_column(Key, primary_key=True)
    member_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    way: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(8), default="waiting")
    reason: Mapped[str | None] = mapped_column(String(32))
    invitation_id: Mapped[uuid.UUID | None]
    run_after: Mapped[datetime]
    asked_at: Mapped[datetime | None]
    reminded: Mapped[int] = mapped_column(default=0)
    remind_at: Mapped[datetime | None]
