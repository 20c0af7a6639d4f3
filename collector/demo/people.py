"""The invented customers and their ways: who meets which touchpoint, when, and how it goes for them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import itemgetter
from random import Random
from typing import NamedTuple

from collector.demo import story
from collector.demo.story import Stop, Way


@dataclass(frozen=True)
class Customer:
    """Somebody; ``mood`` is how kindly they judge, around 0."""

    name: str
    persona: str
    locale: str
    mood: float
    opted_out: bool


@dataclass(frozen=True)
class Trip:
    """One customer's one way through a journey, and what befalls them on it."""

    instance: str
    way: Way
    customer: Customer
    tariff: str
    region: str
    wrong_tariff: bool
    days_late: int
    fault_returns: bool


class Visit(NamedTuple):
    """One customer at one touchpoint at one time; ``number`` is unique and breaks ties."""

    at: datetime
    number: int
    trip: Trip
    stop: Stop


def visits(rng: Random, now: datetime, scale: float) -> list[Visit]:
    """Everything that happens from the run-up until ``now``, in the order of time."""
    crowd = _Crowd(rng)
    found: list[Visit] = []
    for way in story.WAYS:
        for begin in _beginnings(rng, way, now, scale):
            trip = _trip(rng, way, crowd, len(found))
            found.extend(_stops(rng, trip, begin, now, len(found)))
    return sorted(found, key=itemgetter(0, 1))


@dataclass
class _Crowd:
    """All customers so far; who orders is new, who renews or reports a fault is mostly known already."""

    rng: Random
    people: list[Customer] = field(default_factory=list)

    def meet(self, way: Way) -> Customer:
        if way.journey != "first-order" and self.people and self.rng.random() < 0.3:
            return self.rng.choice(self.people)
        rng = self.rng
        person = Customer(
            name=f"c-{10_000 + len(self.people)}",
            persona=_weighted(rng, story.PERSONAS),
            locale=_weighted(rng, story.LOCALES),
            mood=rng.gauss(0, 0.16),
            opted_out=rng.random() < story.OPTED_OUT,
        )
        self.people.append(person)
        return person


def _beginnings(rng: Random, way: Way, now: datetime, scale: float) -> Iterator[datetime]:
    """When journeys begin: more on Mondays, a little more each week, and many faults after the storm."""
    for days_ago in range(story.DAYS + story.RUN_UP, -1, -1):
        day = now - timedelta(days=days_ago)
        busy = story.WEEKDAYS[day.weekday()] * (1.1 - 0.2 * days_ago / story.DAYS)
        if way is story.REPAIR and days_ago in story.STORM:
            busy *= 3
        expected = way.per_day * busy * scale
        for _ in range(int(expected) + (rng.random() < expected % 1)):
            yield day


def _trip(rng: Random, way: Way, crowd: _Crowd, number: int) -> Trip:
    wrong = rng.random() < story.WRONG_TARIFF
    late = not wrong and rng.random() < story.LATE
    return Trip(
        instance=f"{way.journey}-{20_000 + number}",
        way=way,
        customer=crowd.meet(way),
        tariff=_weighted(rng, story.TARIFFS),
        region=rng.choice(story.REGIONS),
        wrong_tariff=wrong,
        days_late=rng.randint(2, 9) if late else 0,
        fault_returns=rng.random() < story.FAULT_RETURNS,
    )


def _stops(rng: Random, trip: Trip, begin: datetime, now: datetime, number: int) -> Iterator[Visit]:
    at, passed = begin - timedelta(days=1), 0
    for stop in trip.way.stops:
        if rng.random() > stop.passes or begin < now - timedelta(days=stop.since_days_ago):
            continue
        days = rng.uniform(*stop.gap) + (trip.days_late if stop.touchpoint == "line-activated" else 0)
        earliest = begin if not passed else at + timedelta(days=days)
        at = max(_at_its_hour(rng, earliest, stop.channel), at + timedelta(minutes=rng.randint(3, 50)))
        if at > now:
            return
        yield Visit(at, number + passed, trip, stop)
        passed += 1
        if rng.random() < trip.way.gives_up.get(stop.touchpoint, 0):
            return


def _at_its_hour(rng: Random, day: datetime, channel: str) -> datetime:
    mean, spread = story.HOURS[channel]
    hour = min(max(rng.gauss(mean, spread), 6.0), 23.4)
    return day.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(seconds=round(hour * 3600))


def _weighted(rng: Random, shares: dict[str, float]) -> str:
    return rng.choices(list(shares), list(shares.values()))[0]
