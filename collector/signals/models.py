"""Tables: signal, the watch over each series, and what a workspace wants to be told."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKeyConstraint, Index, String, UniqueConstraint, or_, text
from sqlalchemy.orm import Mapped, mapped_column

from collector.db import AtTouchpoint, InWorkspace, Key, Touchpoints

LEAST_COMMENTS = 10
"""New comments that a look for topics waits for."""


class Signal(AtTouchpoint):
    """Something has changed at a touchpoint, or on the way to it (``before``); see ``rules`` for what is looked out for.

    ``subject`` and ``regime`` keep one alarm per regime: the same subject is signalled again only when it has been over.
    ``facts`` holds the figures as they were. ``state`` is ``open``, ``known`` or ``over`` (``ended`` says how).
    """

    __tablename__ = "signal"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id"], ["workspace.workspace_id"]),
        UniqueConstraint("workspace_id", "rule", "subject", "regime"),
        Index("ix_signal_state", "workspace_id", "state", "signal_id"),
        Index("ix_signal_touchpoint", "workspace_id", "touchpoint", "signal_id"),
        Index("ix_signal_response", "workspace_id", "response_id"),
    )

    signal_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    rule: Mapped[str] = mapped_column(String(12))
    touchpoint: Mapped[str] = mapped_column(Key)
    before: Mapped[str | None] = mapped_column(Key)
    journey: Mapped[str | None] = mapped_column(Key)
    subject: Mapped[str] = mapped_column(String(400))
    regime: Mapped[int] = mapped_column(default=1)
    metric: Mapped[str | None] = mapped_column(String(16))
    series_id: Mapped[uuid.UUID | None]
    response_id: Mapped[uuid.UUID | None]
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    since: Mapped[date]
    raised_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(8), default="open")
    known_by: Mapped[str | None] = mapped_column(String(254))
    known_at: Mapped[datetime | None]
    ended: Mapped[str] = mapped_column(String(12), default="")
    ended_at: Mapped[datetime | None]
    insight_id: Mapped[uuid.UUID | None]

    @classmethod
    def within(cls, touchpoints: Touchpoints) -> ColumnElement[bool]:
        """A handover is whose either end is."""
        return or_(cls.touchpoint.in_(touchpoints), cls.before.in_(touchpoints))


class Walked:
    """The columns of a watch that walks answer by answer, or ask by ask: see ``statistics.falls`` for what they mean.

    ``regime`` counts its alarms. ``told`` came from ``began_on`` to ``last_day``: that is the rate.
    """

    began_on: Mapped[date]
    last_day: Mapped[date | None]
    told: Mapped[int] = mapped_column(default=0)
    usual_hits: Mapped[int] = mapped_column(default=0)
    usual_n: Mapped[int] = mapped_column(default=0)
    laid_out: Mapped[int] = mapped_column(default=0)
    p0: Mapped[float] = mapped_column(default=0.0)
    p1: Mapped[float] = mapped_column(default=0.0)
    threshold: Mapped[float] = mapped_column(default=0.0)
    total: Mapped[float] = mapped_column(default=0.0)
    run_hits: Mapped[int] = mapped_column(default=0)
    run_n: Mapped[int] = mapped_column(default=0)
    run_since: Mapped[date | None]
    alarmed: Mapped[bool] = mapped_column(default=False)
    after_hits: Mapped[int] = mapped_column(default=0)
    after_n: Mapped[int] = mapped_column(default=0)
    back: Mapped[float] = mapped_column(default=0.0)
    regime: Mapped[int] = mapped_column(default=0)


class SignalWatch(Walked, InWorkspace):
    """The watch over the answers to one question at one touchpoint; at ``looked`` of them its parts were last compared.

    ``weeks`` holds the answers of the last weeks, by first day and by score with its journey.
    """

    __tablename__ = "signal_watch"
    __table_args__ = (ForeignKeyConstraint(["workspace_id"], ["workspace.workspace_id"]),)

    touchpoint: Mapped[str] = mapped_column(Key, primary_key=True)
    series_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    metric: Mapped[str] = mapped_column(String(16))
    looked: Mapped[int] = mapped_column(default=0, server_default="0")
    weeks: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")


class AskWatch(Walked, InWorkspace):
    """The watch over the asks of one touchpoint: a hit is one that stayed without an answer."""

    __tablename__ = "ask_watch"
    __table_args__ = (ForeignKeyConstraint(["workspace_id"], ["workspace.workspace_id"]),)

    touchpoint: Mapped[str] = mapped_column(Key, primary_key=True)


class AskClock(InWorkspace):
    """Up to when a workspace's asks were made that have been looked at."""

    __tablename__ = "ask_clock"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id"], ["workspace.workspace_id"]),
        Index("ix_ask_clock_reached", "reached"),
    )

    reached: Mapped[datetime]


class SignalSetting(InWorkspace):
    """What is signalled in a workspace (``touchpoint`` empty) or at one touchpoint: rules that are ``off``, and how many
    false alarms a year a touchpoint may have."""

    __tablename__ = "signal_setting"
    __table_args__ = (ForeignKeyConstraint(["workspace_id"], ["workspace.workspace_id"]),)

    touchpoint: Mapped[str] = mapped_column(Key, primary_key=True)
    off: Mapped[list[str]] = mapped_column(default=list)
    per_year: Mapped[float] = mapped_column(default=1.0)
    changed_by: Mapped[str] = mapped_column(String(254))
    changed_at: Mapped[datetime]


class SignalPlace(InWorkspace):
    """The watch over a touchpoint as a whole: ``days`` holds how many answers came on each of the last days, from
    ``began_on``.

    ``said`` comments were written since ``said_since``. When topics were last looked for they were ``looked`` many; after
    ``wait`` more it is due to be looked at again.
    """

    __tablename__ = "signal_place"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id"], ["workspace.workspace_id"]),
        Index(
            "ix_signal_place_due",
            "due_at",
            postgresql_where=text("due_at IS NOT NULL"),
            sqlite_where=text("due_at IS NOT NULL"),
        ),
    )

    touchpoint: Mapped[str] = mapped_column(Key, primary_key=True)
    began_on: Mapped[date]
    days: Mapped[dict[str, Any]] = mapped_column(default=dict)
    said: Mapped[int] = mapped_column(default=0, server_default="0")
    said_since: Mapped[date | None]
    looked: Mapped[int] = mapped_column(default=0, server_default="0")
    wait: Mapped[int] = mapped_column(default=LEAST_COMMENTS, server_default=str(LEAST_COMMENTS))
    due_at: Mapped[datetime | None]
