"""Tables: rollup (the counts per score that every figure is made of; can be dropped and rebuilt from responses), the same of
asks (from invitations), members of groups of five and how many there are, and how far days are cut anew."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKeyConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from collector.db import AtTouchpoint, InWorkspace, Key


class Rollup(AtTouchpoint):
    """How many answers of one day gave one score, by everything the figures may be grouped by.

    Empty strings and 0 stand for "none", because a key may not hold NULL. Metric and target follow from the series.
    """

    __tablename__ = "rollup"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id"], ["workspace.workspace_id"]),
        # Each holds all that ``overviews`` reads, in the order in which it is grouped.
        Index(
            "ix_rollup_journey",
            *[
                "workspace_id",
                "metric",
                "target",
                "journey",
                "touchpoint",
                "series_id",
                "score",
                "day",
                "n",
                "source",
                "respondent",
            ],
        ),
        Index(
            "ix_rollup_touchpoint",
            *[
                "workspace_id",
                "metric",
                "target",
                "touchpoint",
                "day",
                "series_id",
                "score",
                "n",
                "source",
                "respondent",
            ],
        ),
    )

    series_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    touchpoint: Mapped[str] = mapped_column(Key, primary_key=True)
    journey: Mapped[str] = mapped_column(Key, primary_key=True)
    journey_version: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(16), primary_key=True)
    persona: Mapped[str] = mapped_column(Key, primary_key=True)
    variant: Mapped[str] = mapped_column(Key, primary_key=True)
    source: Mapped[str] = mapped_column(String(12), primary_key=True)
    respondent: Mapped[str] = mapped_column(String(12), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    score: Mapped[int] = mapped_column(primary_key=True)
    metric: Mapped[str] = mapped_column(String(16))
    target: Mapped[str] = mapped_column(String(12), default="touchpoint")
    n: Mapped[int]


class AskRollup(AtTouchpoint):
    """How many of those who were invited on one day were asked, saw the question and answered it.

    ``probability``: with which each was asked. Empty strings stand for "none".
    """

    __tablename__ = "ask_rollup"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id"], ["workspace.workspace_id"]),
        {"sqlite_with_rowid": False},  # it is read by its key, a touchpoint's days at a time
    )

    touchpoint: Mapped[str] = mapped_column(Key, primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    journey: Mapped[str] = mapped_column(Key, primary_key=True)
    channel: Mapped[str] = mapped_column(String(16), primary_key=True)
    persona: Mapped[str] = mapped_column(Key, primary_key=True)
    probability: Mapped[float] = mapped_column(primary_key=True)
    asked: Mapped[int]
    seen: Mapped[int]
    answered: Mapped[int]


class GroupMember(AtTouchpoint):
    """An answer by one dimension of who gave it (``persona``, ``variant``, ``attribute.<key>``), and its closed group.

    Without ``group_id`` it waits for one, or stays ``apart`` for good, since its group was dissolved. ``released`` is
    the day on which its group was last published; None while it stays back (see ``statistics.closed_groups``).
    ``tallied`` is true where the tallies know of it, and false in the moment in which it goes; None where a version wrote
    it that knows of no tallies.
    """

    __tablename__ = "group_member"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id"], ["workspace.workspace_id"]),
        Index("ix_group_member_figure", "workspace_id", "metric", "dimension", "category", "released"),
        Index("ix_group_member_place", "workspace_id", "dimension", "series_id", "touchpoint", "category"),
        Index("ix_group_member_group", "workspace_id", "group_id"),
        Index(
            "ix_group_member_back",
            *[
                "workspace_id",
                "dimension",
                "series_id",
                "touchpoint",
                "journey",
                "journey_version",
                "channel",
                "source",
                "respondent",
                "apart",
                "group_id",
                "category",
            ],
            postgresql_where=text("released IS NULL"),
            sqlite_where=text("released IS NULL"),
        ),
    )

    dimension: Mapped[str] = mapped_column(String(64), primary_key=True)
    response_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    category: Mapped[str] = mapped_column(String(256))
    series_id: Mapped[uuid.UUID]
    touchpoint: Mapped[str] = mapped_column(Key)
    journey: Mapped[str] = mapped_column(Key)
    journey_version: Mapped[int]
    channel: Mapped[str] = mapped_column(String(16))
    source: Mapped[str] = mapped_column(String(12))
    respondent: Mapped[str] = mapped_column(String(12))
    metric: Mapped[str] = mapped_column(String(16))
    target: Mapped[str] = mapped_column(String(12), default="touchpoint")
    day: Mapped[date]
    score: Mapped[int]
    group_id: Mapped[uuid.UUID | None]
    apart: Mapped[bool] = mapped_column(default=False)
    released: Mapped[date | None]
    tallied: Mapped[bool | None]


class GroupTally(AtTouchpoint):
    """How much a stratum of closed groups holds, so that nobody counts its members (see ``tallies``).

    One row is of the whole (its ``part`` is empty): its ``members``, and the last ``day`` on which one came. One is of each
    category that has groups (its ``part`` is ``=`` and the category): how many ``groups``, and the ``newest``, None where it
    must be looked for. Unless the whole ``is_known``, its stratum must be counted before any of it is believed.
    """

    __tablename__ = "group_tally"
    __table_args__ = (ForeignKeyConstraint(["workspace_id"], ["workspace.workspace_id"]),)

    touchpoint: Mapped[str] = mapped_column(Key, primary_key=True)
    series_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    journey: Mapped[str] = mapped_column(Key, primary_key=True)
    journey_version: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(16), primary_key=True)
    source: Mapped[str] = mapped_column(String(12), primary_key=True)
    respondent: Mapped[str] = mapped_column(String(12), primary_key=True)
    dimension: Mapped[str] = mapped_column(String(64), primary_key=True)
    part: Mapped[str] = mapped_column(String(257), primary_key=True)
    members: Mapped[int]
    groups: Mapped[int]
    day: Mapped[date]
    newest: Mapped[uuid.UUID | None]
    is_known: Mapped[bool]


class Recut(InWorkspace):
    """How far the days of a workspace's answers have been cut anew for a zone (see ``day_zones``).

    ``reached`` is the last answer that was looked at, ``asks_of`` the last touchpoint whose asks were, up to ``asks_until``
    (None: all of them).
    """

    __tablename__ = "recut"
    __table_args__ = (ForeignKeyConstraint(["workspace_id"], ["workspace.workspace_id"]),)

    zone: Mapped[str] = mapped_column(String(64))
    reached: Mapped[uuid.UUID] = mapped_column(default=uuid.UUID(int=0))
    asks_of: Mapped[str] = mapped_column(Key, default="", server_default="")
    asks_until: Mapped[date | None]
    began_at: Mapped[datetime]
