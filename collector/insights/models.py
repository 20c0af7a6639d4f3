"""Tables: insight with its owners, comments, links and cited answers; the actions that come of it, and who is asked again."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKeyConstraint, Index, String, Text, and_, exists, text
from sqlalchemy.orm import Mapped, mapped_column

from collector.db import AtTouchpoint, InWorkspace, Key, Owned


class Insight(Owned):
    """What hurts at a touchpoint, at the handover to it (``before``), or along a whole journey; see ``rules`` for states.

    ``evidence`` holds the figures as they were when it was filed. ``priority`` is reach x effect, 0 where nothing was
    measured.
    """

    __tablename__ = "insight"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id"], ["workspace.workspace_id"]),
        Index("ix_insight_state", "workspace_id", "state", "priority"),
        Index("ix_insight_touchpoint", "workspace_id", "touchpoint"),
        Index("ix_insight_priority", "workspace_id", "priority", "insight_id"),
    )

    insight_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    touchpoint: Mapped[str | None] = mapped_column(Key)
    before: Mapped[str | None] = mapped_column(Key)
    journey: Mapped[str | None] = mapped_column(Key)
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(12), default="new")
    reason: Mapped[str] = mapped_column(String(500), default="")
    evidence: Mapped[dict[str, Any] | None]
    priority: Mapped[float] = mapped_column(default=0.0)
    created_by: Mapped[str] = mapped_column(String(254))
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    done_at: Mapped[datetime | None]

    @classmethod
    def owned_by(cls, stakeholders: Sequence[str]) -> ColumnElement[bool]:
        owner = InsightOwner.__table__.alias("owning").c
        same = and_(owner.workspace_id == cls.workspace_id, owner.insight_id == cls.insight_id)
        return exists().where(same, owner.stakeholder.in_(stakeholders))


class InsightOwner(InWorkspace):
    """One of the departments that answer for an insight."""

    __tablename__ = "insight_owner"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "insight_id"], ["insight.workspace_id", "insight.insight_id"], ondelete="CASCADE"
        ),
        Index("ix_insight_owner_stakeholder", "workspace_id", "stakeholder"),
    )

    insight_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    stakeholder: Mapped[str] = mapped_column(Key, primary_key=True)


class InsightComment(InWorkspace):
    """What one colleague wrote to the others about an insight."""

    __tablename__ = "insight_comment"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "insight_id"], ["insight.workspace_id", "insight.insight_id"], ondelete="CASCADE"
        ),
        Index("ix_insight_comment_insight", "workspace_id", "insight_id"),
    )

    comment_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    insight_id: Mapped[uuid.UUID]
    text: Mapped[str] = mapped_column(Text)
    written_by: Mapped[str] = mapped_column(String(254))
    written_at: Mapped[datetime]


class InsightLink(InWorkspace):
    """Something attached to an insight: a ticket, a recording, a document, by its address."""

    __tablename__ = "insight_link"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "insight_id"], ["insight.workspace_id", "insight.insight_id"], ondelete="CASCADE"
        ),
        Index("ix_insight_link_insight", "workspace_id", "insight_id"),
    )

    link_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    insight_id: Mapped[uuid.UUID]
    url: Mapped[str] = mapped_column(String(2000))
    title: Mapped[str] = mapped_column(String(200))
    added_by: Mapped[str] = mapped_column(String(254))
    added_at: Mapped[datetime]


class InsightCitation(InWorkspace):
    """An answer that an insight cites, by its id alone: its words are read where they stand.

    So an erased answer leaves this row as its tombstone, and nothing else.
    """

    __tablename__ = "insight_citation"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "insight_id"], ["insight.workspace_id", "insight.insight_id"], ondelete="CASCADE"
        ),
        Index("ix_insight_citation_response", "workspace_id", "response_id"),
    )

    insight_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    response_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    touchpoint: Mapped[str] = mapped_column(Key)
    cited_by: Mapped[str] = mapped_column(String(254))
    cited_at: Mapped[datetime]


class Action(InWorkspace):
    """Something that somebody does about an insight by a day. ``state`` is ``open``, ``done`` or ``dropped``."""

    __tablename__ = "action"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "insight_id"], ["insight.workspace_id", "insight.insight_id"], ondelete="CASCADE"
        ),
        Index("ix_action_insight", "workspace_id", "insight_id"),
        Index("ix_action_due", "workspace_id", "state", "due"),
    )

    action_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    insight_id: Mapped[uuid.UUID]
    title: Mapped[str] = mapped_column(String(200))
    owner: Mapped[str] = mapped_column(Key)
    person: Mapped[str] = mapped_column(String(254), default="")
    due: Mapped[date]
    remind: Mapped[date | None]
    state: Mapped[str] = mapped_column(String(8), default="open")
    result: Mapped[str] = mapped_column(Text, default="")
    created_by: Mapped[str] = mapped_column(String(254))
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    done_at: Mapped[datetime | None]


class Recovery(InWorkspace):
    """What is watched since an insight is done: the same question at the same place, before against since.

    ``state``: ``watching``, ``recovered``, ``worse``, ``unchanged``, ``too_few`` (came before to tell), ``back`` (it had
    recovered, and hurts again), or ``changed`` (the question, so that nothing can be compared). ``look_at`` None: it is
    looked at no more.
    """

    __tablename__ = "insight_recovery"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "insight_id"], ["insight.workspace_id", "insight.insight_id"], ondelete="CASCADE"
        ),
        Index("ix_insight_recovery_look_at", "look_at"),
    )

    insight_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    touchpoint: Mapped[str] = mapped_column(Key)
    journey: Mapped[str | None] = mapped_column(Key)
    channel: Mapped[str | None] = mapped_column(String(16))
    metric: Mapped[str] = mapped_column(String(16))
    series_id: Mapped[uuid.UUID]
    gap: Mapped[float]
    first: Mapped[date]
    done_on: Mapped[date]
    recovered_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(String(12), default="watching")
    n_before: Mapped[int] = mapped_column(default=0)
    n_since: Mapped[int] = mapped_column(default=0)
    estimate: Mapped[float | None]
    low: Mapped[float | None]
    high: Mapped[float | None]
    more: Mapped[int | None]
    looked: Mapped[int] = mapped_column(default=-1)
    look_at: Mapped[datetime | None]


class FollowUp(AtTouchpoint):
    """A customer who was unhappy (``response_id``) is asked once more, since the insight is done; the row is the job.

    ``state``: ``waiting`` (to be decided at ``run_after``), ``asked``, or ``skipped`` (``reason`` says why).
    ``trigger_id`` leads to the decision, ``invitation_id`` to what was answered.
    """

    __tablename__ = "follow_up"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "insight_id"], ["insight.workspace_id", "insight.insight_id"], ondelete="CASCADE"
        ),
        Index("ix_follow_up_customer", "workspace_id", "customer"),
        Index(
            "ix_follow_up_waiting",
            "run_after",
            postgresql_where=text("state = 'waiting'"),
            sqlite_where=text("state = 'waiting'"),
        ),
    )

    insight_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    customer: Mapped[str] = mapped_column(String(27), primary_key=True)
    response_id: Mapped[uuid.UUID]
    touchpoint: Mapped[str] = mapped_column(Key)
    survey: Mapped[str] = mapped_column(Key)
    channel: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(8), default="waiting")
    reason: Mapped[str | None] = mapped_column(String(32))
    run_after: Mapped[datetime]
    trigger_id: Mapped[uuid.UUID | None]
    invitation_id: Mapped[uuid.UUID | None]
    enlisted_at: Mapped[datetime]
    asked_at: Mapped[datetime | None]
