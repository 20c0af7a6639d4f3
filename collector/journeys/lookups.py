"""Lookups on the hot path: what each trigger and answer asks, as rows and without building whole definitions."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from collector import revisions
from collector.journeys import models, rows
from collector.journeys.asking import Asking, Stop


@dataclass(frozen=True)
class TouchpointFacts:
    """What a decision needs to know of a touchpoint."""

    key: str
    channel: str
    feedback_enabled: bool
    form_enabled: bool = True


@dataclass(frozen=True)
class VersionFacts:
    """What a new journey instance and a decision need to know of the journey's shown version."""

    key: str
    version: int
    abandoned_after_days: int
    last_touchpoint: str | None
    asking: Asking = field(default_factory=Asking)
    stops: tuple[Stop, ...] = ()
    metric: str | None = None


def find_touchpoint(session: Session, workspace_id: uuid.UUID, key: str) -> TouchpointFacts | None:
    """A touchpoint in use, or None; remembered (see ``revisions``)."""

    def load() -> TouchpointFacts | None:
        table = models.Touchpoint
        query = select(table.key, table.channel, table.feedback_enabled, table.form_enabled).where(
            table.workspace_id == workspace_id, table.key == key, table.archived_at.is_(None)
        )
        row = session.execute(query).first()
        return TouchpointFacts(*row) if row else None

    return revisions.remember(session, workspace_id, ("touchpoint", key), load)


def find_journey(session: Session, workspace_id: uuid.UUID, key: str) -> VersionFacts | None:
    """The shown version of a journey in use, or None; remembered (see ``revisions``)."""
    return revisions.remember(
        session, workspace_id, ("journey", key), lambda: _read_journey(session, workspace_id, key)
    )


def _read_journey(session: Session, workspace_id: uuid.UUID, key: str) -> VersionFacts | None:
    journey, version = models.Journey, models.JourneyVersion
    shown = and_(
        version.workspace_id == journey.workspace_id,
        version.key == journey.key,
        version.version == journey.version,
    )
    columns = (version.version, version.abandoned_after_days, version.phases, version.asking, version.metric)
    query = select(*columns).join(journey, shown)
    row = session.execute(
        query.where(journey.workspace_id == workspace_id, journey.key == key, journey.archived_at.is_(None))
    ).first()
    if row is None:
        return None
    passed = _stops(row)
    last = passed[-1][1] if passed else None
    asking = Asking(**row.asking)
    return VersionFacts(key, row.version, row.abandoned_after_days, last, asking, tuple(passed), row.metric)


def asking_plans(session: Session, workspace_id: uuid.UUID) -> dict[str, tuple[Asking, list[Stop]]]:
    """journey key -> its shown version's asking plan and stops, of all journeys in use."""
    found = session.execute(rows.shown_versions(workspace_id))
    return {
        journey.key: (Asking(**version.asking), _stops(version))
        for journey, version in found
        if journey.archived_at is None
    }


def only_journeys(session: Session, workspace_id: uuid.UUID) -> dict[str, str]:
    """touchpoint -> the one journey (as it is, not as it should be) that passes it; of several none. Remembered."""
    return revisions.remember(
        session, workspace_id, "only journeys", lambda: _only_journeys(session, workspace_id)
    )


def _only_journeys(session: Session, workspace_id: uuid.UUID) -> dict[str, str]:
    passing: dict[str, set[str]] = {}
    for journey, version in session.execute(rows.shown_versions(workspace_id)):
        if journey.archived_at is None and version.state == "as_is":
            for _, touchpoint in _stops(version):
                passing.setdefault(touchpoint, set()).add(journey.key)
    return {touchpoint: next(iter(keys)) for touchpoint, keys in passing.items() if len(keys) == 1}


def keys_of_touchpoints(session: Session, workspace_id: uuid.UUID) -> set[str]:
    """The keys of all touchpoints in use."""
    table = models.Touchpoint
    query = select(table.key).where(table.workspace_id == workspace_id, table.archived_at.is_(None))
    return set(session.scalars(query))


def every_touchpoint(session: Session, workspace_id: uuid.UUID) -> list[str]:
    """The keys of all touchpoints, archived ones among them."""
    query = select(models.Touchpoint.key).where(models.Touchpoint.workspace_id == workspace_id)
    return sorted(session.scalars(query))


def owners_of_all(session: Session, workspace_id: uuid.UUID) -> dict[str, list[str]]:
    """touchpoint key -> the keys of those who own it, in their order."""
    table = models.TouchpointOwner
    query = select(table.touchpoint, table.stakeholder).where(table.workspace_id == workspace_id)
    found: dict[str, list[str]] = {}
    for touchpoint, stakeholder in session.execute(query.order_by(table.touchpoint, table.position)):
        found.setdefault(touchpoint, []).append(stakeholder)
    return found


def _stops(version: Any) -> list[Stop]:
    """The steps at touchpoints, in the customer's order."""
    return [
        (step["key"], step["touchpoint"])
        for phase in version.phases
        for step in phase.get("steps", ())
        if step.get("touchpoint")
    ]


@dataclass(frozen=True)
class Existing:
    """The keys that a workspace has or had, archived ones too: touchpoints, journeys with their version, personas."""

    touchpoints: frozenset[str]
    journeys: Mapping[str, int]
    personas: frozenset[str]


def existing(session: Session, workspace_id: uuid.UUID) -> Existing:
    """What answers of former times may name."""

    def keys(table: type[models.Touchpoint | models.Persona]) -> frozenset[str]:
        return frozenset(session.scalars(select(table.key).where(table.workspace_id == workspace_id)))

    journey = models.Journey
    versions = session.execute(
        select(journey.key, journey.version).where(journey.workspace_id == workspace_id)
    )
    return Existing(keys(models.Touchpoint), {row.key: row.version for row in versions}, keys(models.Persona))


def feedback_switches(session: Session, workspace_id: uuid.UUID) -> dict[str, bool]:
    """Touchpoint -> whether customers may be asked there; archived ones left out."""
    table = models.Touchpoint
    query = select(table.key, table.feedback_enabled).where(
        table.workspace_id == workspace_id, table.archived_at.is_(None)
    )
    return {row.key: row.feedback_enabled for row in session.execute(query)}
