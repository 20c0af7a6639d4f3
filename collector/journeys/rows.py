"""Rows into definitions; ``storing`` is the way back."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Iterator
from typing import TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from collector.journeys import definitions, models
from collector.journeys.asking import Asking
from collector.journeys.checks import Known
from collector.journeys.definitions import Definitions, Journey, Persona, Stakeholder, Touchpoint

Row = TypeVar("Row", models.Stakeholder, models.Persona, models.Touchpoint)
FEW = 500  # keys that a query names one by one; for more it is cheaper to read the whole section


def known(session: Session, workspace_id: uuid.UUID) -> Known:
    """The keys of everything in the workspace that is not archived."""

    def keys(table: type[Row | models.Journey]) -> frozenset[str]:
        query = select(table.key).where(table.workspace_id == workspace_id, table.archived_at.is_(None))
        return frozenset(session.scalars(query))

    shown, version = models.Journey, models.JourneyVersion
    variants = (
        select(version.key, version.variant_of)
        .join(shown, (shown.workspace_id == version.workspace_id) & (shown.key == version.key))
        .where(version.version == shown.version, version.variant_of.is_not(None))
        .where(shown.workspace_id == workspace_id, shown.archived_at.is_(None))
    )
    return Known(
        keys(models.Stakeholder),
        keys(models.Persona),
        keys(models.Touchpoint),
        keys(models.Journey),
        {key: other for key, other in session.execute(variants) if other},
    )


def current(session: Session, workspace_id: uuid.UUID, wanted: Definitions) -> Definitions:
    """What the workspace holds under the keys of a document, archived or not."""
    return Definitions(
        stakeholders=stakeholders(session, workspace_id, {item.key for item in wanted.stakeholders}),
        personas=personas(session, workspace_id, {item.key for item in wanted.personas}),
        touchpoints=touchpoints(session, workspace_id, {item.key for item in wanted.touchpoints}),
        journeys=journeys(session, workspace_id, {item.key for item in wanted.journeys}),
    )


def stakeholders(
    session: Session, workspace_id: uuid.UUID, keys: Collection[str] | None = None
) -> tuple[Stakeholder, ...]:
    """Stakeholders by key, all of them without ``keys``; ordered by key."""
    return tuple(map(to_stakeholder, _rows(session, models.Stakeholder, workspace_id, keys)))


def personas(
    session: Session, workspace_id: uuid.UUID, keys: Collection[str] | None = None
) -> tuple[Persona, ...]:
    """Personas by key, all of them without ``keys``; ordered by key."""
    return tuple(map(to_persona, _rows(session, models.Persona, workspace_id, keys)))


def touchpoints(
    session: Session, workspace_id: uuid.UUID, keys: Collection[str] | None = None
) -> tuple[Touchpoint, ...]:
    """Touchpoints by key with their owners, all of them without ``keys``; ordered by key."""
    return with_owners(session, workspace_id, _rows(session, models.Touchpoint, workspace_id, keys))


def with_owners(
    session: Session, workspace_id: uuid.UUID, found: Iterable[models.Touchpoint]
) -> tuple[Touchpoint, ...]:
    """Touchpoint rows and their owners, in one more query."""
    listed = list(found)
    owner = models.TouchpointOwner
    query = select(owner.touchpoint, owner.stakeholder).where(owner.workspace_id == workspace_id)
    if len(listed) <= FEW:
        query = query.where(owner.touchpoint.in_([row.key for row in listed]))
    owners: dict[str, list[str]] = {}
    for touchpoint, stakeholder in session.execute(query.order_by(owner.touchpoint, owner.position)):
        owners.setdefault(touchpoint, []).append(stakeholder)
    return tuple(to_touchpoint(row, owners.get(row.key, ())) for row in listed)


def journeys(
    session: Session, workspace_id: uuid.UUID, keys: Collection[str] | None = None
) -> tuple[Journey, ...]:
    """The shown versions of journeys, all of them without ``keys``; ordered by key."""
    if keys is not None and not keys:
        return ()
    query = shown_versions(workspace_id)
    if keys is not None and len(keys) <= FEW:
        query = query.where(models.Journey.key.in_(keys))
    pairs = session.execute(query.execution_options(populate_existing=True))
    return tuple(to_journey(row, version) for row, version in pairs if keys is None or row.key in keys)


def shown_versions(workspace_id: uuid.UUID) -> Select[models.Journey, models.JourneyVersion]:
    """Each journey with its shown version, ordered by key."""
    journey, version = models.Journey, models.JourneyVersion
    here = (version.workspace_id == journey.workspace_id) & (version.key == journey.key)
    query = select(journey, version).join(version, here & (version.version == journey.version))
    return query.where(journey.workspace_id == workspace_id).order_by(journey.key)


def to_stakeholder(row: models.Stakeholder) -> Stakeholder:
    data = {"key": row.key, "name": row.name, "description": row.description, "serves": row.serves}
    return definitions.stakeholder({**data, "revision": row.revision, "archived_at": row.archived_at})


def to_persona(row: models.Persona) -> Persona:
    return Persona(row.key, row.name, row.description, row.details, row.revision, row.archived_at)


def to_touchpoint(row: models.Touchpoint, owners: Iterable[str]) -> Touchpoint:
    return Touchpoint(
        key=row.key,
        name=row.name,
        channel=row.channel,
        customer_name=row.customer_name,
        description=row.description,
        owners=tuple(owners),
        stage=row.stage,
        measurable=row.measurable,
        feedback_enabled=row.feedback_enabled,
        form_enabled=row.form_enabled,
        expectation=row.expectation,
        expected_result=row.expected_result,
        systems=tuple(row.systems),
        tags=tuple(row.tags),
        revision=row.revision,
        archived_at=row.archived_at,
    )


def to_journey(row: models.Journey, version: models.JourneyVersion) -> Journey:
    return Journey(
        key=row.key,
        name=version.name,
        definition=version.definition,
        customer_goal=version.customer_goal,
        business_goal=version.business_goal,
        scenario=version.scenario,
        expected_result=version.expected_result,
        state=version.state,
        variant_of=version.variant_of,
        personas=tuple(version.personas),
        abandoned_after_days=version.abandoned_after_days,
        asking=Asking(**version.asking),
        metric=version.metric,
        phases=definitions.phases(version.phases),
        version=version.version,
        archived_at=row.archived_at,
        applied_at=version.applied_at,
        applied_by=version.applied_by,
    )


def _rows(
    session: Session, table: type[Row], workspace_id: uuid.UUID, keys: Collection[str] | None
) -> Iterator[Row]:
    if keys is not None and not keys:
        return iter(())
    query = select(table).where(table.workspace_id == workspace_id).order_by(table.key)
    if keys is not None and len(keys) <= FEW:
        query = query.where(table.key.in_(keys))
    found = session.scalars(query.execution_options(populate_existing=True))
    return (row for row in found if keys is None or row.key in keys)
