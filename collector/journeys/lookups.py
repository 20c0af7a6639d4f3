"""Lookups on the hot path: what each trigger and answer asks, as rows and without building whole definitions."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.journeys import models


@dataclass(frozen=True)
class TouchpointFacts:
    """What a decision needs to know of a touchpoint."""

    key: str
    channel: str
    feedback_enabled: bool


@dataclass(frozen=True)
class VersionFacts:
    """What a new journey instance needs to know of the journey's shown version."""

    key: str
    version: int
    abandoned_after_days: int
    last_touchpoint: str | None


def find_touchpoint(session: Session, workspace_id: uuid.UUID, key: str) -> TouchpointFacts | None:
    """A touchpoint in use, or None."""
    row = session.get(models.Touchpoint, (workspace_id, key))
    return (
        None
        if row is None or row.archived_at
        else TouchpointFacts(row.key, row.channel, row.feedback_enabled)
    )


def find_journey(session: Session, workspace_id: uuid.UUID, key: str) -> VersionFacts | None:
    """The shown version of a journey in use, or None."""
    journey = session.get(models.Journey, (workspace_id, key))
    if journey is None or journey.archived_at:
        return None
    row = session.get_one(models.JourneyVersion, (workspace_id, key, journey.version))
    passed = [
        step["touchpoint"]
        for phase in row.phases
        for step in phase.get("steps", ())
        if step.get("touchpoint")
    ]
    return VersionFacts(key, row.version, row.abandoned_after_days, passed[-1] if passed else None)


def keys_of_touchpoints(session: Session, workspace_id: uuid.UUID) -> set[str]:
    """The keys of all touchpoints in use."""
    table = models.Touchpoint
    query = select(table.key).where(table.workspace_id == workspace_id, table.archived_at.is_(None))
    return set(session.scalars(query))


def owners_of_all(session: Session, workspace_id: uuid.UUID) -> dict[str, list[str]]:
    """touchpoint key -> the keys of those who own it, in their order."""
    table = models.TouchpointOwner
    query = select(table.touchpoint, table.stakeholder).where(table.workspace_id == workspace_id)
    found: dict[str, list[str]] = {}
    for touchpoint, stakeholder in session.execute(query.order_by(table.touchpoint, table.position)):
        found.setdefault(touchpoint, []).append(stakeholder)
    return found
