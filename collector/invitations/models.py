"""Tables: subject (whom the rules protect), trigger (what came in), decision (what became of it), invitation (whom we ask)."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    String,
    UniqueConstraint,
    case,
    exists,
    literal_column,
    or_,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from collector.db import AtTouchpoint, InWorkspace, Key, Touchpoints, constant

FOLLOW_UP = "follow_up"
"""The ``source`` of what is asked once more, since something was mended: a contact as any other, and in no figure."""
ASKED_HERE = ("solicited", FOLLOW_UP)
"""Sources of invitations that the collector has decided about."""
CONTACTS = (*ASKED_HERE, "imported")
"""Sources of invitations that count as having asked somebody."""
ASKED, SEEN, ANSWERED = 1, 2, 3
"""How far an invitation has come, for the response rate; 0 is not asked (yet)."""


class Subject(AtTouchpoint):
    """A customer as the contact rules know them; its row is the lock under which decisions about them are made."""

    __tablename__ = "subject"
    __table_args__ = (ForeignKeyConstraint(["workspace_id"], ["workspace.workspace_id"]),)

    customer: Mapped[str] = mapped_column(String(27), primary_key=True)
    opted_out_at: Mapped[datetime | None]
    consents: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]

    @classmethod
    def within(cls, touchpoints: Touchpoints) -> ColumnElement[bool]:
        """Who was met there."""
        met = Trigger.__table__.alias("met").c
        same = (met.workspace_id == cls.workspace_id, met.customer == cls.customer)
        return exists().where(*same, met.touchpoint.in_(touchpoints))


class Trigger(AtTouchpoint):
    """A business system said: this is finished. ``position`` is its place in the batch it came with.

    ``target``: what it wants to be asked about; None leaves it to the surveys and the asking plan.
    """

    __tablename__ = "trigger"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id"], ["workspace.workspace_id"]),
        Index("ix_trigger_transaction", "workspace_id", "transaction"),
        Index("ix_trigger_customer", "workspace_id", "customer"),
        Index("ix_trigger_received_at", "workspace_id", "received_at"),
    )

    trigger_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    invitation_id: Mapped[uuid.UUID]
    touchpoint: Mapped[str] = mapped_column(Key)
    journey: Mapped[str | None] = mapped_column(Key)
    journey_instance: Mapped[str | None] = mapped_column(String(128))
    customer: Mapped[str | None] = mapped_column(String(27))
    transaction: Mapped[str | None] = mapped_column(String(128))
    target: Mapped[str | None] = mapped_column(String(12))
    channel: Mapped[str | None] = mapped_column(String(16))
    persona: Mapped[str | None] = mapped_column(Key)
    locale: Mapped[str | None] = mapped_column(String(35))
    attributes: Mapped[dict[str, Any]] = mapped_column(default=dict)
    cancel_on: Mapped[list[str]] = mapped_column(default=list)
    not_before: Mapped[datetime | None]
    expires_at: Mapped[datetime]
    occurred_at: Mapped[datetime]
    received_at: Mapped[datetime]
    position: Mapped[int] = mapped_column(default=0)


class Decision(AtTouchpoint):
    """Every trigger ends in exactly one: invite or skip, with the reason and the rule.

    A delayed one is decided again when due; ``earlier`` holds what was decided before, oldest first.
    """

    __tablename__ = "decision"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "trigger_id"], ["trigger.workspace_id", "trigger.trigger_id"], ondelete="CASCADE"
        ),
        Index("ix_decision_decided_at", "workspace_id", "decided_at"),
        Index("ix_decision_instance", "workspace_id", "journey_instance"),
        Index(
            "ix_decision_unassigned",
            "workspace_id",
            postgresql_where=text("reason = 'unknown_touchpoint'"),
            sqlite_where=text("reason = 'unknown_touchpoint'"),
        ),
    )

    trigger_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    decision: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(String(32))
    rule: Mapped[str | None] = mapped_column(String(200))
    next_eligible_at: Mapped[datetime | None]
    invitation_id: Mapped[uuid.UUID | None]
    survey: Mapped[str | None] = mapped_column(Key)
    survey_version: Mapped[int | None]
    journey_instance: Mapped[str | None] = mapped_column(String(128))
    earlier: Mapped[list[Any]] = mapped_column(default=list)
    decided_at: Mapped[datetime]

    @classmethod
    def within(cls, touchpoints: Touchpoints) -> ColumnElement[bool]:
        """Those on triggers from there."""
        asked = Trigger.__table__.alias("met").c
        same = (asked.workspace_id == cls.workspace_id, asked.trigger_id == cls.trigger_id)
        return exists().where(*same, asked.touchpoint.in_(touchpoints))


class AskCount(InWorkspace):
    """How many were asked on a local day, by a survey or (``survey`` empty) by all; kept where a daily cap is set."""

    __tablename__ = "ask_count"
    __table_args__ = (ForeignKeyConstraint(["workspace_id"], ["workspace.workspace_id"]),)

    survey: Mapped[str] = mapped_column(Key, primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    n: Mapped[int]


class Invitation(AtTouchpoint):
    """A question that may be answered once.

    ``state``: waiting (until ``not_before``), open, answered, declined, cancelled, or skipped (when due, the policy
    was against it). ``asked_at`` is when it opened: from then on it counts as a contact. ``send_after`` holds a
    message back over the quiet hours. ``later_at``: the customer put it off then, until ``not_before``. ``run`` and
    ``variant``: the community run that asks, and what it shows whom. ``counted``: how far it had come when it was last
    counted (``ASKED``, ``SEEN``, ``ANSWERED``).
    """

    __tablename__ = "invitation"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id"], ["workspace.workspace_id"]),
        ForeignKeyConstraint(
            ["workspace_id", "survey", "survey_version"],
            ["survey_version.workspace_id", "survey_version.key", "survey_version.version"],
        ),
        UniqueConstraint("workspace_id", "transaction"),
        Index("ix_invitation_customer", "workspace_id", "customer", "created_at"),
        Index("ix_invitation_instance", "workspace_id", "journey", "journey_instance"),
        Index("ix_invitation_touchpoint", "workspace_id", "touchpoint", "created_at"),
        Index(
            "ix_invitation_run",
            *["workspace_id", "run"],
            postgresql_where=text("run IS NOT NULL"),
            sqlite_where=text("run IS NOT NULL"),
        ),
        Index(
            "ix_invitation_waiting",
            *["not_before", "invitation_id"],
            postgresql_where=text("state = 'waiting'"),
            sqlite_where=text("state = 'waiting'"),
        ),
        # Few are put off: counted from here, they cost the response rate nothing.
        Index(
            "ix_invitation_later",
            *["workspace_id", "touchpoint", "created_at"],
            postgresql_where=text("later_at IS NOT NULL"),
            sqlite_where=text("later_at IS NOT NULL"),
        ),
    )

    invitation_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    trigger_id: Mapped[uuid.UUID | None]
    source: Mapped[str] = mapped_column(String(12), default="solicited")
    target: Mapped[str] = mapped_column(String(12), default="touchpoint")
    touchpoint: Mapped[str] = mapped_column(Key)
    journey: Mapped[str | None] = mapped_column(Key)
    journey_version: Mapped[int | None]
    journey_instance: Mapped[str | None] = mapped_column(String(128))
    survey: Mapped[str] = mapped_column(Key)
    survey_version: Mapped[int]
    series_id: Mapped[uuid.UUID]
    customer: Mapped[str | None] = mapped_column(String(27))
    transaction: Mapped[str | None] = mapped_column(String(128))
    channel: Mapped[str | None] = mapped_column(String(16))
    persona: Mapped[str | None] = mapped_column(Key)
    locale: Mapped[str | None] = mapped_column(String(35))
    attributes: Mapped[dict[str, Any]] = mapped_column(default=dict)
    cancel_on: Mapped[list[str]] = mapped_column(default=list)
    probability: Mapped[float] = mapped_column(default=1.0)
    run: Mapped[str | None] = mapped_column(Key)
    variant: Mapped[str | None] = mapped_column(Key)
    state: Mapped[str] = mapped_column(String(12), default="open")
    not_before: Mapped[datetime | None]
    expires_at: Mapped[datetime]
    created_at: Mapped[datetime]
    asked_at: Mapped[datetime | None]
    shown_at: Mapped[datetime | None]
    later_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    counted: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")


def _word(value: int) -> ColumnElement[int]:
    return literal_column(str(value), SmallInteger)


def station() -> ColumnElement[int]:
    """How far an invitation has come. It says so of itself, so that nobody who changes one can forget to tell.

    Whom a run asked is told on the run's page, and what was asked elsewhere or about something else in no response rate.
    """
    table = Invitation
    elsewhere = or_(table.source != constant("solicited"), table.target != constant("touchpoint"))
    return case(
        (or_(elsewhere, table.run.is_not(None)), _word(0)),
        (table.state == constant("answered"), _word(ANSWERED)),
        (table.state.not_in([constant("open"), constant("declined")]), _word(0)),
        (table.shown_at.is_not(None), _word(SEEN)),
        else_=_word(ASKED),
    )


def is_uncounted() -> ColumnElement[bool]:
    """Whether an invitation has come further, or less far, than it is counted; the condition of an index."""
    return Invitation.counted != station()


Index(
    "ix_invitation_uncounted",
    *[Invitation.workspace_id, Invitation.touchpoint, Invitation.created_at],
    postgresql_where=is_uncounted(),
    sqlite_where=is_uncounted(),
)
