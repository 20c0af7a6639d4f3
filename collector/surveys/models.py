"""Tables: survey, its versions, and the metric series that its answers belong to."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from collector.db import InWorkspace, Key

MODES = ("permanent", "temporary", "community")
TARGETS = ("touchpoint", "journey", "interaction")
"""What an answer is about: the touchpoint, the whole journey that ends there, or this one interaction."""
STATES = ("draft", "published", "paused", "closed")


class Survey(InWorkspace):
    """A template bound to a touchpoint (and a journey); ``version`` is the one that is asked now.

    ``target`` is what its answers are about (see ``TARGETS``); figures of different targets never mix.

    ``answered`` counts solicited answers towards the quota, from the day there is one.
    """

    __tablename__ = "survey"
    is_definition = True
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id"], ["workspace.workspace_id"]),
        ForeignKeyConstraint(["workspace_id", "touchpoint"], ["touchpoint.workspace_id", "touchpoint.key"]),
        ForeignKeyConstraint(["workspace_id", "journey"], ["journey.workspace_id", "journey.key"]),
        Index("ix_survey_workspace_id_touchpoint", "workspace_id", "touchpoint"),
    )

    key: Mapped[str] = mapped_column(Key, primary_key=True)
    touchpoint: Mapped[str] = mapped_column(Key)
    journey: Mapped[str | None] = mapped_column(Key)
    template: Mapped[str] = mapped_column(Key)
    target: Mapped[str] = mapped_column(String(12), default="touchpoint")
    mode: Mapped[str] = mapped_column(String(16), default="permanent")
    state: Mapped[str] = mapped_column(String(16), default="published")
    version: Mapped[int]
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    quota: Mapped[int | None]
    answered: Mapped[int] = mapped_column(default=0)
    policy: Mapped[dict[str, Any]] = mapped_column(default=dict)
    revision: Mapped[int] = mapped_column(default=1)


class SurveyVersion(InWorkspace):
    """What is asked, word for word in each locale; never changes once made."""

    __tablename__ = "survey_version"
    is_definition = True
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "key"], ["survey.workspace_id", "survey.key"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(
            ["workspace_id", "series_id"], ["metric_series.workspace_id", "metric_series.series_id"]
        ),
    )

    key: Mapped[str] = mapped_column(Key, primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[uuid.UUID]
    definition: Mapped[dict[str, Any]]
    note: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(254))


class MetricSeries(InWorkspace):
    """A number that stays comparable: bound to instrument, wording, scale, direction and layout by its fingerprint."""

    __tablename__ = "metric_series"
    is_definition = True
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id"], ["workspace.workspace_id"]),
        Index("ix_metric_series_workspace_id_survey", "workspace_id", "survey"),
    )

    series_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    survey: Mapped[str] = mapped_column(Key)
    metric: Mapped[str] = mapped_column(String(16))
    fingerprint: Mapped[str] = mapped_column(String(64))
    started_at: Mapped[datetime]
    follows: Mapped[uuid.UUID | None]
    broken_by: Mapped[list[str]] = mapped_column(default=list)
