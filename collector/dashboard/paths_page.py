"""What customers do along one journey: how long they stay, what they repeat, where they leave, the ways they take."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from collector import journeys
from collector.dashboard.period import Period
from collector.journeys import Journey, MapStep
from collector.kpis import milestones, paths, walks
from collector.statistics import K, Share, largest, share

MOST = 600
"""About so many customers' ways are read, evenly over the period: the page costs the same however many there are."""
LEAVING_BASE = 30
"""From so many on, a step may be called the one where customers leave: the low base of all figures."""


@dataclass(frozen=True)
class StepPath:
    """What customers did at one step; ``repeated``: visits by someone who had been there before.

    Its interval is not shown: visits of one customer hang together, and Wilson's is for independent ones.
    """

    at: MapStep
    repeated: Share
    dwell: paths.Dwell | None
    left: Share

    @property
    def visits(self) -> int:
        return self.repeated.base


@dataclass(frozen=True)
class Way:
    """A way that ``taken.count`` of ``taken.base`` customers took: the names of its touchpoints, in order."""

    names: tuple[str, ...]
    taken: Share


@dataclass(frozen=True)
class Milestone:
    """A decisive step: how many of the judged reached it after all earlier ones, and their share of the one before."""

    at: MapStep
    reached: int
    share: Share | None


@dataclass(frozen=True)
class PathsPage:
    """All that the page shows: ``n`` of ``all`` (or about so many) ways that began in the period. ``last`` is where the journey ends."""

    journey: Journey
    period: Period
    all: int
    n: int
    last: MapStep | None
    abandoned: Share
    steps: tuple[StepPath, ...]
    ways: tuple[Way, ...]
    others: int
    milestones: tuple[Milestone, ...]
    is_about: bool = False

    @property
    def worst(self) -> StepPath | None:
        """The step after which most customers leave for good: beyond chance, five at least, and enough came by."""
        place = largest([step.left.count for step in self.steps])
        found = None if place is None else self.steps[place]
        return found if found and found.left.count >= K and found.left.base >= LEAVING_BASE else None

    @property
    def is_even(self) -> bool:
        """Whether enough have left to look for that step, and none can be named."""
        return self.worst is None and self.abandoned.count >= K


def open_paths(
    session: Session, workspace_id: uuid.UUID, key: str, period: Period, now: datetime
) -> PathsPage:
    """The page of a journey; raises 404 for one that is not here."""
    journey = journeys.get(session, workspace_id, key)
    steps = journeys.steps(session, workspace_id, journey)
    chosen = walks.evenly(session, workspace_id, key, *period.bounds, MOST)
    ways = list(walks.read(session, workspace_id, key, chosen.ids))
    page = assemble(journey, steps, ways, chosen.all, period, now)
    return replace(page, is_about=chosen.is_about)


def assemble(
    journey: Journey,
    steps: Sequence[MapStep],
    instances: Sequence[paths.Instance],
    everyone: int,
    period: Period,
    now: datetime,
) -> PathsPage:
    """Put steps and walks together. Pure."""
    places = [step for step in steps if step.touchpoint]
    last = places[-1] if places else None
    ends = frozenset({_touchpoint(last)} if last else ())
    timeout = timedelta(days=journey.abandoned_after_days)
    judged = paths.judged(instances, timeout, now)
    names = {_touchpoint(step): step.label for step in reversed(places)}
    ways = _ways(instances, names)
    return PathsPage(
        journey=journey,
        period=period,
        all=everyone,
        n=len(instances),
        last=last,
        abandoned=paths.abandonment(judged, ends, timeout, now),
        steps=tuple(_steps(places, instances, paths.drop_offs(judged, ends, timeout, now))),
        ways=ways,
        others=len(instances) - sum(way.taken.count for way in ways),
        milestones=tuple(_milestones(places, judged)),
    )


def _steps(
    places: Sequence[MapStep], instances: Sequence[paths.Instance], left: Mapping[str, Share]
) -> list[StepPath]:
    repeated, dwell, nobody = paths.repeat_rates(instances), paths.dwell_times(instances), share(0, 0)
    first = {_touchpoint(step): step for step in reversed(places)}
    return [
        StepPath(step, repeated.get(key, nobody), dwell.get(key), left.get(key, nobody))
        for key, step in sorted(first.items(), key=lambda item: item[1].number)
    ]


def _ways(instances: Sequence[paths.Instance], names: Mapping[str, str]) -> tuple[Way, ...]:
    """The most travelled ways; a way of fewer than five people would tell of each of them, and is not shown."""
    found = [(way, count) for way, count in paths.top_paths(instances) if count >= K]
    return tuple(
        Way(tuple(names.get(place, place) for place in way), share(count, len(instances)))
        for way, count in found
    )


def _milestones(places: Sequence[MapStep], instances: Sequence[paths.Instance]) -> list[Milestone]:
    decisive = [step for step in places if step.step.milestone]
    if len(decisive) < 2:
        return []
    ways = [[visit.step for visit in instance] for instance in instances]
    counts = milestones.reached(ways, [_touchpoint(step) for step in decisive])
    shares: list[Share | None] = [None, *milestones.conversions(counts)]
    return [Milestone(*found) for found in zip(decisive, counts, shares, strict=True)]


def _touchpoint(step: MapStep) -> str:
    assert step.touchpoint is not None
    return step.touchpoint.key
