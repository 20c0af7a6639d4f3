"""Tables: run, one per community survey, its quota cells, and the pictures it asks about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    and_,
    exists,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from collector.db import Base, InWorkspace, Key, Owned

STATES = ("draft", "running", "concluded")


COLLECTING = "design = 'fixed' AND state = 'running' AND reached_at IS NULL"


class StoredRun(Owned):
    """A survey of an audience, from a start to an end, with hypotheses that are fixed when it starts.

    ``variants``: what the host shows whom (key, name, share). ``only``: attribute -> values that the audience has.
    ``pictures``: what it asks about where it asks for a click (see ``pictures``). ``cells``: an attribute and how many answers each of its values may give. ``design``: ``fixed`` (decided by ``n`` answers,
    of each variant where there are some) or ``always_valid``. ``verdict``: what it came to, as it was when
    the run was concluded. ``reached_at``: since when a fixed ``n`` is there (see ``sealing``). A department finds the runs at its own touchpoints.
    """

    __tablename__ = "run"
    is_definition = True
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id"], ["workspace.workspace_id"]),
        ForeignKeyConstraint(["workspace_id", "survey"], ["survey.workspace_id", "survey.key"]),
        ForeignKeyConstraint(["workspace_id", "touchpoint"], ["touchpoint.workspace_id", "touchpoint.key"]),
        UniqueConstraint("workspace_id", "survey"),
        Index("ix_run_workspace_id_touchpoint", "workspace_id", "touchpoint"),
        Index(
            "ix_run_sealed",
            *["workspace_id", "key"],
            postgresql_where=text(COLLECTING),
            sqlite_where=text(COLLECTING),
        ),
    )

    key: Mapped[str] = mapped_column(Key, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    assumption: Mapped[str] = mapped_column(String(1000), default="")
    state: Mapped[str] = mapped_column(String(12), default="draft")
    survey: Mapped[str] = mapped_column(Key)
    touchpoint: Mapped[str] = mapped_column(Key)
    journey: Mapped[str | None] = mapped_column(Key)
    panel: Mapped[str | None] = mapped_column(Key)
    only: Mapped[dict[str, Any]] = mapped_column(default=dict)
    sample: Mapped[float] = mapped_column(default=1.0)
    cells: Mapped[dict[str, Any]] = mapped_column(default=dict)
    variants: Mapped[list[Any]] = mapped_column(default=list)
    hypotheses: Mapped[list[Any]] = mapped_column(default=list)
    pictures: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    design: Mapped[str] = mapped_column(String(12), default="fixed")
    n: Mapped[int | None]
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    verdict: Mapped[dict[str, Any] | None]
    created_by: Mapped[str] = mapped_column(String(254))
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    reached_at: Mapped[datetime | None]
    concluded_by: Mapped[str | None] = mapped_column(String(254))
    concluded_at: Mapped[datetime | None]

    @classmethod
    def owned_by(cls, stakeholders: Sequence[str]) -> ColumnElement[bool]:
        owner = Base.metadata.tables["touchpoint_owner"].alias("owning").c
        same = and_(owner.workspace_id == cls.workspace_id, owner.touchpoint == cls.touchpoint)
        return exists().where(same, owner.stakeholder.in_(stakeholders))


class RunCell(InWorkspace):
    """How many answers a quota cell of a run has; ``cell`` is the value of the run's attribute."""

    __tablename__ = "run_cell"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "run"], ["run.workspace_id", "run.key"], ondelete="CASCADE"),
    )

    run: Mapped[str] = mapped_column(Key, primary_key=True)
    cell: Mapped[str] = mapped_column(String(200), primary_key=True)
    answered: Mapped[int] = mapped_column(default=0)


class RunPicture(InWorkspace):
    """A picture as browsers get it, by the hash of its bytes: an address never comes to mean another one."""

    __tablename__ = "run_picture"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "run"], ["run.workspace_id", "run.key"], ondelete="CASCADE"),
    )

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    run: Mapped[str] = mapped_column(Key, primary_key=True)
    media_type: Mapped[str] = mapped_column(String(16))
    content: Mapped[bytes] = mapped_column(LargeBinary)
