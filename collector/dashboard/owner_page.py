"""By owner: what a department answers for, and the matrix of who owns what."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from collector import journeys
from collector.dashboard import readings, sources
from collector.dashboard.board_page import all_touchpoints
from collector.dashboard.period import Period
from collector.dashboard.readings import Reading
from collector.dashboard.sources import Chosen
from collector.journeys import Stakeholder, Touchpoint


@dataclass(frozen=True)
class Place:
    """One touchpoint with what customers said there (None: nothing measured) and who owns it."""

    touchpoint: Touchpoint
    reading: Reading | None
    owners: tuple[Stakeholder, ...]

    @property
    def rank(self) -> tuple[bool, float, str]:
        """Sorts the unhappiest first, by the common scale; what has no answers comes last."""
        net = self.reading.net.value if self.reading else None
        return (net is None, net or 0.0, self.touchpoint.name)


@dataclass(frozen=True)
class OwnerRow:
    """One stakeholder on the owners' page: touchpoints owned, how many are measured, and the unhappiest of them."""

    owner: Stakeholder
    places: tuple[Place, ...]

    @property
    def measured(self) -> int:
        return sum(1 for place in self.places if place.reading)

    @property
    def sorest(self) -> Place | None:
        return next((place for place in self.places if place.reading), None)


@dataclass(frozen=True)
class OwnersPage:
    """Every stakeholder, and the touchpoints that nobody answers for."""

    owners: tuple[OwnerRow, ...]
    unowned: tuple[Place, ...]
    places: tuple[Place, ...]


def open_places(
    session: Session,
    workspace_id: uuid.UUID,
    period: Period,
    search: str = "",
    channel: str | None = None,
    owner: str | None = None,
    with_trends: bool = True,
) -> list[Place]:
    """Touchpoints in use, the unhappiest first; trends cost as much as all the rest, so only where they are drawn."""
    people = {each.key: each for each in journeys.stakeholders(session, workspace_id)}
    found = [
        touchpoint
        for touchpoint in all_touchpoints(session, workspace_id).values()
        if (channel is None or touchpoint.channel == channel)
        and (owner is None or owner in touchpoint.owners)
        and _mentions(touchpoint, search)
    ]
    wanted = tuple(each.key for each in found) if search or channel or owner else None
    chosen = Chosen(period, touchpoints=wanted)
    tallies = sources.tallies(session, workspace_id, chosen)
    trends = sources.trends(session, workspace_id, chosen, tallies) if with_trends else {}
    funnel = sources.funnel(session, workspace_id, chosen, {tally.touchpoint for tally in tallies})
    said = readings.by_touchpoint(tallies, period, funnel, trends)
    return sorted((_place(each, said, people) for each in found), key=lambda place: place.rank)


def open_owner(
    session: Session, workspace_id: uuid.UUID, key: str, period: Period
) -> tuple[Stakeholder, list[Place]]:
    """(the stakeholder, the touchpoints that they own); raises 404 for one that is not here."""
    owner = journeys.stakeholder(session, workspace_id, key)
    return owner, open_places(session, workspace_id, period, owner=key)


def open_owners(session: Session, workspace_id: uuid.UUID, period: Period) -> OwnersPage:
    """Every stakeholder with what they own."""
    places = open_places(session, workspace_id, period, with_trends=False)
    rows = tuple(
        OwnerRow(owner, tuple(place for place in places if owner.key in place.touchpoint.owners))
        for owner in journeys.stakeholders(session, workspace_id)
    )
    return OwnersPage(rows, tuple(place for place in places if not place.owners), tuple(places))


def _place(touchpoint: Touchpoint, said: Mapping[str, Reading], people: Mapping[str, Stakeholder]) -> Place:
    owners = tuple(people[key] for key in touchpoint.owners if key in people)
    return Place(touchpoint, said.get(touchpoint.key), owners)


def _mentions(touchpoint: Touchpoint, search: str) -> bool:
    words = search.casefold().split()
    text = f"{touchpoint.key} {touchpoint.name} {touchpoint.customer_name}".casefold()
    return all(word in text for word in words)
