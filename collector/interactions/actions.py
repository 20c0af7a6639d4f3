"""Verbs: record interactions, find the journey instance something belongs to."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import clock, journeys, statements, workspaces
from collector.interactions import tombstones
from collector.interactions.contact import refuse_personal_data
from collector.interactions.instances import Instances, Stay
from collector.interactions.models import NOWHERE, Interaction
from collector.workspaces import sight

PIECE = 100
"""How many of one request are stored at once."""


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
    with sight.whole(session):  # an id is known once, whoever's it is
        alive = _of_the_living(session, workspace, items, now)
        rows = {row.interaction_id: row for row in reversed([_row(workspace, item, now) for item in alive])}
        known = _known(session, workspace.workspace_id, rows)
        new = [row for row in reversed(rows.values()) if row.interaction_id not in known]
        _place(session, workspace.workspace_id, new)
        inserted = statements.insert_new_rows(session, new)
    return Recorded(len(inserted), len(items) - len(inserted))


def record_in_pieces(
    session: Session, workspace: workspaces.Company, items: Sequence[Mapping[str, Any]], now: datetime
) -> Recorded:
    """The same, each piece committed, so that others write in between; whole, where some have no id to be known by."""
    refuse_personal_data(workspace.settings, "interactions", items)
    size = PIECE if all(item["interaction_id"] for item in items) else len(items)
    found: list[Recorded] = []
    for first in range(0, len(items), size):
        if found:
            session.commit()
        found.append(record(session, workspace, items[first : first + size], now))
    return Recorded(sum(each.accepted for each in found), sum(each.duplicates for each in found))


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
    instances, stay = Instances(session, workspace_id), Stay(version, customer, given, at)
    instances.read([stay])
    found = instances.place(stay)
    instances.store()
    return found


def _of_the_living(
    session: Session, workspace: workspaces.Company, items: Sequence[Mapping[str, Any]], now: datetime
) -> list[Mapping[str, Any]]:
    """Those that nobody did whose erasure came later."""
    acts = [
        (
            workspaces.pseudonym_of(workspace, item["customer"]) if item["customer"] else None,
            item["occurred_at"] or now,
        )
        for item in items
    ]
    gone = tombstones.erased_since(session, workspace.workspace_id, acts)
    return [item for item, act in zip(items, acts, strict=True) if act not in gone]


def _row(workspace: workspaces.Company, item: Mapping[str, Any], now: datetime) -> Interaction:
    return Interaction(
        workspace_id=workspace.workspace_id,
        interaction_id=item["interaction_id"] or clock.new_id(),
        event=item["event"],
        touchpoint=item["touchpoint"] or NOWHERE,
        journey=item["journey"],
        journey_instance=item["journey_instance"],
        customer=workspaces.pseudonym_of(workspace, item["customer"]) if item["customer"] else None,
        transaction=item["transaction"],
        channel=item["channel"],
        persona=item["persona"],
        attributes=item["attributes"],
        occurred_at=item["occurred_at"] or now,
        received_at=now,
    )


def _known(session: Session, workspace_id: uuid.UUID, ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those of some ids that stand already."""
    query = select(Interaction.interaction_id).where(
        Interaction.workspace_id == workspace_id, Interaction.interaction_id.in_(ids)
    )
    return set(session.scalars(query)) if ids else set()


def _place(session: Session, workspace_id: uuid.UUID, rows: Sequence[Interaction]) -> None:
    """Give each the instance that it belongs to, in order of arrival; say whether its place is known."""
    instances, stays = Instances(session, workspace_id), {}
    for row in rows:
        row.known_touchpoint = _is_placed(session, workspace_id, row.touchpoint)
        version = journeys.find_journey(session, workspace_id, row.journey) if row.journey else None
        if version is not None:
            stays[row.interaction_id] = Stay(version, row.customer, row.journey_instance, row.occurred_at)
    instances.read(list(stays.values()))
    for row in rows:
        if (stay := stays.get(row.interaction_id)) is not None:
            row.journey_instance = instances.place(stay)
    instances.store()


def _is_placed(session: Session, workspace_id: uuid.UUID, touchpoint: str) -> bool:
    """Whether there is nothing left to assign: the touchpoint is defined, or none was named."""
    return touchpoint == NOWHERE or journeys.find_touchpoint(session, workspace_id, touchpoint) is not None
