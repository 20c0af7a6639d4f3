"""Verbs that read definitions: one by its key, a page of many by what is known of them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from sqlalchemy import ColumnElement, cast, column, exists, func, or_, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import InstrumentedAttribute, Session

from collector import errors
from collector.changes import LARGEST_PAGE, PAGE
from collector.journeys import history, models, rows, yaml_text
from collector.journeys.definitions import Definition, Definitions, Journey, Persona, Stakeholder, Touchpoint
from collector.journeys.map_steps import MapStep, join

Item = TypeVar("Item")


@dataclass(frozen=True)
class Page(Generic[Item]):
    """Some items in the order of their keys, and the key after which the next page begins (None: there is none)."""

    items: tuple[Item, ...]
    next: str | None


def get(session: Session, workspace_id: uuid.UUID, key: str, version: int | None = None) -> Journey:
    """A journey as a version says it, without one as it is shown now; archived ones too."""
    if version is None:
        found = rows.journeys(session, workspace_id, {key})
        if not found:
            raise errors.NotFound(f"There is no journey with the key {key}.", "unknown_journey")
        return found[0]
    journey = session.get(models.Journey, (workspace_id, key))
    row = session.get(models.JourneyVersion, (workspace_id, key, version))
    if journey is None or row is None:
        raise errors.NotFound(f"There is no version {version} of the journey {key}.", "unknown_version")
    return rows.to_journey(journey, row)


def shown_version(session: Session, workspace_id: uuid.UUID, key: str) -> int | None:
    """The version of a journey that is shown now; None where there is no such journey in use."""
    row = session.get(models.Journey, (workspace_id, key))
    return None if row is None or row.archived_at else row.version


def document(session: Session, workspace_id: uuid.UUID, journey: str | None = None) -> Definitions:
    """Everything in use in the workspace, or one journey with all that it refers to; a variant names its original only."""
    if journey is None:
        found: tuple[Definition, ...] = (
            *rows.stakeholders(session, workspace_id),
            *rows.personas(session, workspace_id),
            *rows.touchpoints(session, workspace_id),
            *rows.journeys(session, workspace_id),
        )
        return Definitions.of(*(item for item in found if item.archived_at is None))
    one = get(session, workspace_id, journey)
    met = rows.touchpoints(session, workspace_id, set(one.touchpoints))
    people = {*one.personas, *(key for step in one.steps for key in step.expectations)}
    owners = _served(session, workspace_id, {key for item in met for key in item.owners})
    return Definitions(owners, rows.personas(session, workspace_id, people), met, (one,))


def export(session: Session, workspace_id: uuid.UUID, journey: str | None = None) -> str:
    """``document`` as a journey file; applied again, it changes nothing."""
    return yaml_text.write(document(session, workspace_id, journey))


def steps(session: Session, workspace_id: uuid.UUID, journey: Journey) -> tuple[MapStep, ...]:
    """The steps of a journey (of any version) in the customer's order, with touchpoints, owners and "since"."""
    found = rows.touchpoints(session, workspace_id, set(journey.touchpoints))
    owners = rows.stakeholders(session, workspace_id, {key for item in found for key in item.owners})
    return join(
        journey,
        {item.key: item for item in found},
        {item.key: item for item in owners},
        history.since(session, workspace_id, journey.key),
    )


def list_journeys(
    session: Session,
    workspace_id: uuid.UUID,
    *,
    search: str = "",
    scenario: str | None = None,
    persona: str | None = None,
    owner: str | None = None,
    touchpoint: str | None = None,
    archived: bool = False,
    after: str = "",
    limit: int = PAGE,
) -> Page[Journey]:
    """Journeys with their shown versions; ``owner`` finds those in which a stakeholder owns a touchpoint."""
    query = rows.shown_versions(workspace_id)
    version = models.JourneyVersion
    query = query.where(_archived(models.Journey.archived_at, archived), models.Journey.key > after)
    if search:
        query = query.where(_mentions(search, version.key, version.name, version.definition))
    if scenario is not None:
        query = query.where(version.scenario == scenario)
    if persona is not None:
        query = query.where(_holds(session, version.personas, persona))
    found = (rows.to_journey(journey, said) for journey, said in session.execute(query))
    owned = None if owner is None else _owned_by(session, workspace_id, owner)
    fitting = [
        journey
        for journey in found
        if (touchpoint is None or touchpoint in journey.touchpoints)
        and (owned is None or owned.intersection(journey.touchpoints))
    ]
    return _page(fitting, limit)


def touchpoints(
    session: Session,
    workspace_id: uuid.UUID,
    *,
    search: str = "",
    channel: str | None = None,
    owner: str | None = None,
    stage: str | None = None,
    tag: str | None = None,
    system: str | None = None,
    unowned: bool = False,
    archived: bool = False,
    after: str = "",
    limit: int = PAGE,
) -> Page[Touchpoint]:
    """Touchpoints by what is known of them; ``unowned`` finds those that nobody answers for."""
    table = models.Touchpoint
    query = select(table).where(table.workspace_id == workspace_id, table.key > after)
    query = query.where(_archived(table.archived_at, archived))
    if search:
        query = query.where(_mentions(search, table.key, table.name, table.customer_name))
    if channel is not None:
        query = query.where(table.channel == channel)
    if stage is not None:
        query = query.where(table.stage == stage)
    if tag is not None:
        query = query.where(_holds(session, table.tags, tag))
    if system is not None:
        query = query.where(_holds(session, table.systems, system))
    if owner is not None:
        query = query.where(_has_owner(models.TouchpointOwner.stakeholder == owner))
    if unowned:
        query = query.where(~_has_owner())
    limit = max(1, min(limit, LARGEST_PAGE))
    found = session.scalars(query.order_by(table.key).limit(limit + 1))
    return _page(rows.with_owners(session, workspace_id, found), limit)


def list_stakeholders(
    session: Session,
    workspace_id: uuid.UUID,
    *,
    search: str = "",
    archived: bool = False,
    after: str = "",
    limit: int = PAGE,
) -> Page[Stakeholder]:
    """A page of stakeholders."""
    found = stakeholders(session, workspace_id, archived)
    return _page([item for item in found if item.key > after and _named(item, search)], limit)


def list_personas(
    session: Session,
    workspace_id: uuid.UUID,
    *,
    search: str = "",
    archived: bool = False,
    after: str = "",
    limit: int = PAGE,
) -> Page[Persona]:
    """A page of personas."""
    found = personas(session, workspace_id, archived)
    return _page([item for item in found if item.key > after and _named(item, search)], limit)


def touchpoint(session: Session, workspace_id: uuid.UUID, key: str) -> Touchpoint:
    """A touchpoint with its owners, archived or not."""
    return _one(rows.touchpoints(session, workspace_id, {key}), "touchpoint", key)


def stakeholder(session: Session, workspace_id: uuid.UUID, key: str) -> Stakeholder:
    """A stakeholder, archived or not."""
    return _one(rows.stakeholders(session, workspace_id, {key}), "stakeholder", key)


def persona(session: Session, workspace_id: uuid.UUID, key: str) -> Persona:
    """A persona, archived or not."""
    return _one(rows.personas(session, workspace_id, {key}), "persona", key)


def stakeholders(
    session: Session, workspace_id: uuid.UUID, archived: bool = False
) -> tuple[Stakeholder, ...]:
    """All stakeholders in use (or the archived ones), ordered by key."""
    found = rows.stakeholders(session, workspace_id)
    return tuple(item for item in found if (item.archived_at is not None) == archived)


def personas(session: Session, workspace_id: uuid.UUID, archived: bool = False) -> tuple[Persona, ...]:
    """All personas in use (or the archived ones), ordered by key."""
    found = rows.personas(session, workspace_id)
    return tuple(item for item in found if (item.archived_at is not None) == archived)


def _served(session: Session, workspace_id: uuid.UUID, keys: set[str]) -> tuple[Stakeholder, ...]:
    """The stakeholders of these keys, and whom they serve, and whom those serve."""
    everyone = {item.key: item for item in rows.stakeholders(session, workspace_id)}
    found: set[str] = set()
    while keys - found:
        found |= keys
        keys = {service.stakeholder for key in found for service in everyone[key].serves}
    return tuple(item for key, item in everyone.items() if key in found)


def _owned_by(session: Session, workspace_id: uuid.UUID, stakeholder: str) -> set[str]:
    table = models.TouchpointOwner
    query = select(table.touchpoint).where(
        table.workspace_id == workspace_id, table.stakeholder == stakeholder
    )
    return set(session.scalars(query))


def _has_owner(*which: ColumnElement[bool]) -> ColumnElement[bool]:
    owner, table = models.TouchpointOwner, models.Touchpoint
    return exists().where(owner.workspace_id == table.workspace_id, owner.touchpoint == table.key, *which)


def _named(item: Stakeholder | Persona, search: str) -> bool:
    return search.casefold() in f"{item.key} {item.name}".casefold()


def _archived(at: InstrumentedAttribute[datetime | None], archived: bool) -> ColumnElement[bool]:
    return at.is_not(None) if archived else at.is_(None)


def _mentions(search: str, *columns: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    return or_(*(where.icontains(search, autoescape=True) for where in columns))


def _holds(session: Session, items: InstrumentedAttribute[list[str]], item: str) -> ColumnElement[bool]:
    """Whether a JSON list of texts holds one; each database has its own words for it."""
    if session.get_bind().dialect.name == "postgresql":
        return cast(items, JSONB).contains([item])
    each = func.json_each(items).table_valued(column("value"))
    return exists(select(each.c.value).where(each.c.value == item))


def _page(found: list[Item] | tuple[Item, ...], limit: int) -> Page[Item]:
    limit = max(1, min(limit, LARGEST_PAGE))
    shown = tuple(found[:limit])
    return Page(shown, shown[-1].key if len(found) > limit else None)  # type: ignore[attr-defined]


def _one(found: tuple[Item, ...], noun: str, key: str) -> Item:
    if not found:
        raise errors.NotFound(f"There is no {noun} with the key {key}.", f"unknown_{noun}")
    return found[0]
