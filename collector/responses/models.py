"""Tables: response, one per invitation, tagged with everything it belongs to; which of them are new, or held apart."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import ForeignKeyConstraint, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from collector.db import AtTouchpoint, InWorkspace, Key


class Answered(AtTouchpoint):
    """What a customer, an employee or a partner answered, and everything it belongs to.

    ``source`` keeps solicited, volunteered and imported answers apart; ``respondent`` customers from staff; ``target``
    says what it is about (see ``surveys.models.TARGETS``). ``day`` is the day of ``occurred_at`` in the workspace's time
    zone, by which figures are summed. ``comment_stems`` is what a search looks through (see ``stemming``).
    """

    __abstract__ = True

    response_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    invitation_id: Mapped[uuid.UUID | None]
    source: Mapped[str] = mapped_column(String(12), default="solicited")
    respondent: Mapped[str] = mapped_column(String(12), default="customer")
    target: Mapped[str] = mapped_column(String(12), default="touchpoint")
    touchpoint: Mapped[str] = mapped_column(Key)
    journey: Mapped[str | None] = mapped_column(Key)
    journey_version: Mapped[int | None]
    journey_instance: Mapped[str | None] = mapped_column(String(128))
    survey: Mapped[str] = mapped_column(Key)
    survey_version: Mapped[int]
    series_id: Mapped[uuid.UUID]
    metric: Mapped[str] = mapped_column(String(16))
    customer: Mapped[str | None] = mapped_column(String(27))
    transaction: Mapped[str | None] = mapped_column(String(128))
    channel: Mapped[str | None] = mapped_column(String(16))
    persona: Mapped[str | None] = mapped_column(Key)
    variant: Mapped[str | None] = mapped_column(Key)
    run: Mapped[str | None] = mapped_column(Key)
    attributes: Mapped[dict[str, Any]] = mapped_column(default=dict)
    context: Mapped[dict[str, Any]] = mapped_column(default=dict)
    probability: Mapped[float] = mapped_column(default=1.0)
    locale: Mapped[str | None] = mapped_column(String(35))
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    score: Mapped[int | None]
    comment: Mapped[str | None] = mapped_column(Text)
    comment_stems: Mapped[str | None] = mapped_column(Text)
    complete: Mapped[bool] = mapped_column(default=False)
    occurred_at: Mapped[datetime]
    day: Mapped[date]
    received_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class Response(Answered):
    """An answer. The first answer to a question stands; more of them join the same row until it is complete.

    ``counted_at`` is set when the rollup holds the score (see ``kpis``). ``hidden_at``: its words are shown to nobody
    since then; the score counts.
    """

    __tablename__ = "response"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id"], ["workspace.workspace_id"]),
        ForeignKeyConstraint(
            ["workspace_id", "series_id"], ["metric_series.workspace_id", "metric_series.series_id"]
        ),
        UniqueConstraint("workspace_id", "invitation_id"),
        Index("ix_response_touchpoint", "workspace_id", "touchpoint", "occurred_at"),
        Index("ix_response_journey", "workspace_id", "journey", "occurred_at"),
        Index("ix_response_instance", "workspace_id", "journey", "journey_instance"),
        Index("ix_response_customer", "workspace_id", "customer"),
        Index(
            "ix_response_run",
            *["workspace_id", "run"],
            postgresql_where=text("run IS NOT NULL"),
            sqlite_where=text("run IS NOT NULL"),
        ),
        Index(
            "ix_response_commented",
            *["workspace_id", "occurred_at"],
            postgresql_where=text("comment IS NOT NULL"),
            sqlite_where=text("comment IS NOT NULL"),
        ),
        # In the order in which comments are read, which no index of all answers has: of many, few may have written.
        *[
            Index(
                f"ix_response_commented_{place}",
                *["workspace_id", place, "occurred_at", "response_id"],
                postgresql_where=text("comment IS NOT NULL"),
                sqlite_where=text("comment IS NOT NULL"),
            )
            for place in ("touchpoint", "journey")
        ],
        Index(
            "ix_response_uncounted",
            *["workspace_id", "metric", "respondent", "day"],
            postgresql_where=text("counted_at IS NULL AND score IS NOT NULL"),
            sqlite_where=text("counted_at IS NULL AND score IS NOT NULL"),
        ),
    )

    counted_at: Mapped[datetime | None]
    hidden_at: Mapped[datetime | None]


class News(InWorkspace):
    """An answer that was counted (``what`` is ``score``), or a ``comment`` that was added to it; see ``news``."""

    __tablename__ = "response_news"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id"], ["workspace.workspace_id"]),
        Index(
            "ix_response_news_waiting",
            *["received_at", "response_id"],
            postgresql_where=text("taken_at IS NULL"),
            sqlite_where=text("taken_at IS NULL"),
        ),
        Index("ix_response_news_taken_at", "taken_at"),
    )

    response_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    what: Mapped[str] = mapped_column(String(8), primary_key=True)
    received_at: Mapped[datetime]
    taken_at: Mapped[datetime | None]


class HeldResponse(Answered):
    """One of a flood that nobody asked for: kept, and in no figure, list or export until somebody lets it in.

    ``page`` is the address it was given on, ``over`` the limit that it was above.
    """

    __tablename__ = "held_response"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id"], ["workspace.workspace_id"]),
        UniqueConstraint("workspace_id", "invitation_id"),
        Index("ix_held_response_touchpoint", "workspace_id", "touchpoint", "received_at"),
    )
    counted_at: ClassVar[None] = None

    page: Mapped[str] = mapped_column(String(300))
    over: Mapped[str] = mapped_column(String(12))
