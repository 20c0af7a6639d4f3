"""Where triggers belong: each to a journey, and to one customer's way through it, begun where there is none."""

from __future__ import annotations

from collections.abc import Sequence

from collector import interactions, journeys
from collector.invitations.desk import Desk
from collector.invitations.facts import Placed
from collector.invitations.models import Trigger


def places(desk: Desk, rows: Sequence[Trigger]) -> list[Placed]:
    """The way through a journey that each trigger belongs to."""
    instances = interactions.Instances(desk.session, desk.workspace.workspace_id)
    ways = [_journey_of(desk, row) for row in rows]
    stays = [
        interactions.Stay(version, row.customer, row.journey_instance, row.occurred_at) if version else None
        for row, (_, version) in zip(rows, ways, strict=True)
    ]
    instances.read([stay for stay in stays if stay])
    placed = [
        _placed(instances, row, journey, stay)
        for row, (journey, _), stay in zip(rows, ways, stays, strict=True)
    ]
    instances.store()
    return placed


def _placed(
    instances: interactions.Instances, row: Trigger, journey: str | None, stay: interactions.Stay | None
) -> Placed:
    if stay is None:
        return Placed(row, journey, None, row.journey_instance)
    instance = instances.place(stay)
    return Placed(row, journey, stay.version.version, instance, instance in instances.begun)


def _journey_of(desk: Desk, row: Trigger) -> tuple[str | None, journeys.VersionFacts | None]:
    """(key, shown version) of the journey that a trigger belongs to."""
    candidates = desk.standing(row.touchpoint, row.journey, row.target)
    journey = desk.way(row.touchpoint, row.journey, candidates)
    return journey, desk.journey(journey) if journey else None
