"""By owner: what a department answers for, and the matrix of who owns what."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from collector import journeys
from collector.dashboard import readings, sources
from collector.dashboard.board_page import all_touchpoints, steps_of
from collector.dashboard.period import Period
from collector.dashboard.readings import Reading, Tally, Trends
from collector.dashboard.sources import Chosen
from collector.journeys import Stakeholder, Touchpoint
from collector.kpis import Verdict, verdicts

PAGE = 50
"""So many touchpoints stand on a page."""


@dataclass(frozen=True)
class Place:
    """One touchpoint with what customers said there (None: nothing measured) and who owns it.

    ``pain`` and ``moved`` are verdicts of its journeys: worse than the rest, and how it moved; None if that may be chance.
    """

    touchpoint: Touchpoint
    reading: Reading | None
    owners: tuple[Stakeholder, ...]
    pain: Verdict | None = None
    moved: Verdict | None = None

    @property
    def rank(self) -> tuple[bool, float, bool, str]:
        """What is worst for certain first, then what fell, then by name; what has no answers comes last."""
        falls = self.moved is not None and self.moved.falls
        return (self.reading is None, self.pain.part if self.pain else 0.0, not falls, self.touchpoint.name)


@dataclass(frozen=True)
class PlacesPage:
    """Some of the touchpoints that fit: the page ``number`` of ``pages``, from 1; ``total`` fit altogether."""

    places: tuple[Place, ...]
    number: int
    pages: int
    total: int

    @property
    def first(self) -> int:
        """The rank of the first place here, from 1."""
        return (self.number - 1) * PAGE + 1

    @property
    def last(self) -> int:
        return self.first + len(self.places) - 1


@dataclass(frozen=True)
class OwnerRow:
    """One stakeholder on the owners' page: touchpoints owned, how many are measured, and the sorest of them."""

    owner: Stakeholder
    places: tuple[Place, ...]

    @property
    def measured(self) -> int:
        return sum(1 for place in self.places if place.reading)

    @property
    def sorest(self) -> Place | None:
        """The first of those that are worse than the rest of their journey for certain."""
        return next((place for place in self.places if place.reading and place.pain), None)


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
    number: int = 1,
) -> PlacesPage:
    """One page of the touchpoints in use, by their rank; a page beyond the last is the last."""
    found = [
        each
        for each in all_touchpoints(session, workspace_id).values()
        if (channel is None or each.channel == channel) and _mentions(each, search)
    ]
    ranked, tallies = _ranked(session, workspace_id, period, found)
    pages = max(1, -(-len(ranked) // PAGE))
    number = min(max(1, number), pages)
    shown = ranked[(number - 1) * PAGE : number * PAGE]
    return PlacesPage(
        tuple(_drawn(session, workspace_id, period, shown, tallies)), number, pages, len(ranked)
    )


def open_owner(
    session: Session, workspace_id: uuid.UUID, key: str, period: Period
) -> tuple[Stakeholder, list[Place]]:
    """(the stakeholder, the touchpoints that they own); raises 404 for one that is not here."""
    owner = journeys.stakeholder(session, workspace_id, key)
    own = [each for each in all_touchpoints(session, workspace_id).values() if key in each.owners]
    return owner, places_of(session, workspace_id, period, own)


def places_of(
    session: Session, workspace_id: uuid.UUID, period: Period, touchpoints: Sequence[Touchpoint]
) -> list[Place]:
    """Some touchpoints with what customers said there, by their rank."""
    ranked, tallies = _ranked(session, workspace_id, period, touchpoints)
    return _drawn(session, workspace_id, period, ranked, tallies)


def open_owners(session: Session, workspace_id: uuid.UUID, period: Period) -> OwnersPage:
    """Every stakeholder with what they own."""
    every = list(all_touchpoints(session, workspace_id).values())
    places, _tallies = _ranked(session, workspace_id, period, every)
    rows = tuple(
        OwnerRow(owner, tuple(place for place in places if owner.key in place.touchpoint.owners))
        for owner in journeys.stakeholders(session, workspace_id)
    )
    return OwnersPage(rows, tuple(place for place in places if not place.owners), tuple(places))


def _ranked(
    session: Session, workspace_id: uuid.UUID, period: Period, touchpoints: Sequence[Touchpoint]
) -> tuple[list[Place], list[Tally]]:
    """(the places by their rank, their trends still empty; what was said there and maybe elsewhere).

    A few are looked up; the answers of many are read quicker without picking.
    """
    people = {each.key: each for each in journeys.stakeholders(session, workspace_id)}
    keys = tuple(each.key for each in touchpoints)
    chosen = Chosen(period, touchpoints=keys if len(keys) <= PAGE else None)
    tallies = sources.tallies(session, workspace_id, chosen)
    funnel = sources.funnel(session, workspace_id, chosen, keys)
    said = readings.by_touchpoint(tallies, period, funnel, trends={})
    pains, moves = _stated(session, workspace_id, period)
    places = (
        replace(_place(each, said, people), pain=pains.get(each.key), moved=moves.get(each.key))
        for each in touchpoints
    )
    return sorted(places, key=lambda place: place.rank), tallies


def _stated(
    session: Session, workspace_id: uuid.UUID, period: Period
) -> tuple[dict[str, Verdict], dict[str, Verdict]]:
    """Touchpoint -> what the verdicts of its journeys state: (worse than the rest, moved since the period before).

    The figure beside it is of all journeys: a change on one of several is not its own, and stands on its page alone.
    """
    every = all_touchpoints(session, workspace_id)
    used = journeys.list_journeys(session, workspace_id, limit=500).items
    steps = {journey.key: steps_of(journey, every) for journey in used}
    named = {journey.key: journey.metric for journey in used}
    found = verdicts.of_journeys(session, workspace_id, period.window, steps, named).values()
    pains = {each.touchpoint: each for stated in found for each in stated.pains}
    on = Counter(key for journey in used for key in set(journey.touchpoints))
    moved = (each for stated in found for each in stated.of("period") if on[each.touchpoint] == 1)
    return pains, {each.touchpoint: each for each in moved}


def _drawn(
    session: Session,
    workspace_id: uuid.UUID,
    period: Period,
    places: Sequence[Place],
    tallies: Sequence[Tally],
) -> list[Place]:
    """The same places with their trends: they cost as much as all the rest, so only what is drawn has them."""
    keys = tuple(place.touchpoint.key for place in places)
    said = [tally for tally in tallies if tally.touchpoint in keys]
    trends = sources.trends(session, workspace_id, Chosen(period, touchpoints=keys), said)
    return [_with_trend(place, trends) for place in places]


def _with_trend(place: Place, trends: Trends) -> Place:
    if place.reading is None:
        return place
    trend = trends.get((place.touchpoint.key, place.reading.metric.key), ())
    return replace(place, reading=replace(place.reading, trend=trend))


def _place(touchpoint: Touchpoint, said: Mapping[str, Reading], people: Mapping[str, Stakeholder]) -> Place:
    owners = tuple(people[key] for key in touchpoint.owners if key in people)
    return Place(touchpoint, said.get(touchpoint.key), owners)


def _mentions(touchpoint: Touchpoint, search: str) -> bool:
    words = search.casefold().split()
    text = f"{touchpoint.key} {touchpoint.name} {touchpoint.customer_name}".casefold()
    return all(word in text for word in words)
