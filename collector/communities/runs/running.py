"""Which runs ask: what a decision needs to know of them, remembered (see ``revisions``)."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import revisions
from collector.communities.runs.models import StoredRun


@dataclass(frozen=True)
class Run:
    """A run as whoever asks sees it; see ``models.StoredRun``."""

    key: str
    name: str
    state: str
    survey_key: str
    touchpoint_key: str
    journey_key: str | None = None
    panel_key: str | None = None
    only: Mapping[str, Any] = field(default_factory=dict)
    sample: float = 1.0
    cells: Mapping[str, Any] = field(default_factory=dict)
    variants: Sequence[Mapping[str, Any]] = ()
    pictures: Sequence[Mapping[str, Any]] = ()
    starts_at: datetime | None = None
    ends_at: datetime | None = None


RENAMED = {"survey": "survey_key", "touchpoint": "touchpoint_key", "journey": "journey_key", "panel": "panel_key"}  # fmt: skip
COLUMNS = (
    "key",
    "name",
    "state",
    *RENAMED,
    "only",
    "sample",
    "cells",
    "variants",
    "pictures",
    "starts_at",
    "ends_at",
)


def run_by_key(session: Session, *, workspace_id: uuid.UUID, key: str) -> Run | None:
    """The run of this key, in whatever state."""
    return known(session, workspace_id).get(key)


def runs_asking(session: Session, *, workspace_id: uuid.UUID, touchpoint: str, now: datetime) -> list[Run]:
    """The runs that ask at a touchpoint now: they are running, and it is their time."""
    runs = known(session, workspace_id).values()
    return [run for run in runs if run.touchpoint_key == touchpoint and is_asking(run, now)]


def is_asking(run: Run, now: datetime) -> bool:
    """Whether a run is running and within its window."""
    begun = run.starts_at is None or run.starts_at <= now
    return run.state == "running" and begun and (run.ends_at is None or now < run.ends_at)


def known(session: Session, workspace_id: uuid.UUID) -> dict[str, Run]:
    """Every run of a workspace by its key."""
    return revisions.remember(
        session, workspace_id, "runs", lambda: {run.key: run for run in _read(session, workspace_id)}
    )


def _read(session: Session, workspace_id: uuid.UUID) -> Iterator[Run]:
    table = StoredRun.__table__.c  # as columns of the table: a scope keeps nobody from being asked
    query = select(*(table[name] for name in COLUMNS)).where(table.workspace_id == workspace_id)
    for row in session.execute(query.order_by(table.key)):
        yield Run(**{RENAMED.get(name, name): value for name, value in row._mapping.items()})
