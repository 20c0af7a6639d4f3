"""Verbs: record interactions, find the journey instance something belongs to."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import clock, db, journeys, workspaces
from collector.interactions import tombstones
from collector.interactions.contact import refuse_personal_data
from collector.interactions.models import NOWHERE, Interaction, JourneyInstance


@dataclass(frozen=True)
class Recorded:
    """How many of a batch were new, how many stood already."""

    accepted: int
    duplicates: int


def record(
    session: Session, workspace: workspaces.Company, items: Sequence[Mapping[str, Any]], now: datetime
) -> Recorded:
    """Append interactions; one with an id that stands already is dropped, and so is what an erased customer did before."""
    refuse_personal_data(workspace.settings, "interactions", items)
    new = [
        item
        for item in _of_the_living(session, workspace, items, now)
        if _append(session, workspace, item, now)
    ]
    return Recorded(len(new), len(items) - len(new))


def instance_for(
    session: Session,
    workspace_id: uuid.UUID,
    journey: str,
    customer: str | None,
    given: str | None,
    at: datetime,
    version: journeys.VersionFacts | None = None,
) -> str | None:
    """The journey instance at a time: the given one, else the customer's open one, else a new one.

    None without a customer and a given instance: an anonymous contact belongs to no instance. An instance is open
    until nothing has happened in it for the journey's ``abandoned_after_days``. ``version`` spares looking it up.
    """
    version = version or journeys.find_journey(session, workspace_id, journey)
    if version is None or (given is None and customer is None):
        return given
    row = (
        _find(session, workspace_id, journey, given)
        if given
        else _open(session, workspace_id, version, customer, at)
    )
    if row is None:
        row = JourneyInstance(
            workspace_id=workspace_id,
            instance_id=given or str(clock.new_id()),
            journey=journey,
            journey_version=version.version,
            customer=customer,
            started_at=at,
            last_at=at,
        )
        db.insert_new(session, row)
        return row.instance_id
    row.started_at, row.last_at = min(row.started_at, at), max(row.last_at, at)
    row.customer = row.customer or customer
    return row.instance_id


def _of_the_living(
    session: Session, workspace: workspaces.Company, items: Sequence[Mapping[str, Any]], now: datetime
) -> list[Mapping[str, Any]]:
    """Those that nobody did whose erasure came later."""
    names = {
        item["customer"]: workspaces.pseudonym_of(workspace, item["customer"])
        for item in items
        if item["customer"]
    }
    erased = tombstones.buried_at(session, workspace.workspace_id, tombstones.CUSTOMER, set(names.values()))

    def stands(item: Mapping[str, Any]) -> bool:
        at = erased.get(names.get(item["customer"], ""))
        return at is None or (item["occurred_at"] or now) > at

    return [item for item in items if stands(item)]


def _append(session: Session, workspace: workspaces.Company, item: Mapping[str, Any], now: datetime) -> bool:
    occurred_at = item["occurred_at"] or now
    customer = workspaces.pseudonym_of(workspace, item["customer"]) if item["customer"] else None
    interaction_id = item["interaction_id"] or clock.new_id()
    if session.get(Interaction, (workspace.workspace_id, interaction_id)):
        return False
    instance = item["journey_instance"]
    if item["journey"]:
        instance = instance_for(
            session, workspace.workspace_id, item["journey"], customer, instance, occurred_at
        )
    row = Interaction(
        workspace_id=workspace.workspace_id,
        interaction_id=interaction_id,
        event=item["event"],
        touchpoint=item["touchpoint"] or NOWHERE,
        known_touchpoint=_is_placed(session, workspace.workspace_id, item["touchpoint"]),
        journey=item["journey"],
        journey_instance=instance,
        customer=customer,
        transaction=item["transaction"],
        channel=item["channel"],
        persona=item["persona"],
        attributes=item["attributes"],
        occurred_at=occurred_at,
        received_at=now,
    )
    return db.insert_new(session, row)


def _is_placed(session: Session, workspace_id: uuid.UUID, touchpoint: str | None) -> bool:
    """Whether there is nothing left to assign: the touchpoint is defined, or none was named."""
    return touchpoint is None or journeys.find_touchpoint(session, workspace_id, touchpoint) is not None


def _find(session: Session, workspace_id: uuid.UUID, journey: str, given: str) -> JourneyInstance | None:
    return session.get(JourneyInstance, (workspace_id, given, journey))


def _open(
    session: Session,
    workspace_id: uuid.UUID,
    version: journeys.VersionFacts,
    customer: str | None,
    at: datetime,
) -> JourneyInstance | None:
    oldest = at - timedelta(days=version.abandoned_after_days)
    query = (
        select(JourneyInstance)
        .where(
            JourneyInstance.workspace_id == workspace_id,
            JourneyInstance.customer == customer,
            JourneyInstance.journey == version.key,
            JourneyInstance.last_at >= oldest,
        )
        .order_by(JourneyInstance.last_at.desc())
    )
    return session.scalars(query.limit(1)).first()
