"""All journeys at a glance: score, answers, worst handover, coverage. A fixed number of statements for any number of them."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from sqlalchemy.orm import Session

from collector import journeys
from collector.dashboard.common_scale import NET, net_cells
from collector.dashboard.period import Period
from collector.dashboard.readings import figure_of, value_of
from collector.dashboard.sources import metrics_in_use, replaced
from collector.journeys import Journey, Stakeholder, Step, Touchpoint
from collector.kpis import METRICS, Figure, Metric, cube, overviews
from collector.kpis import handovers as rules
from collector.statistics.cells import Cells, merged, total
from collector.statistics.small_groups import K

Place = tuple[str, str]  # journey, touchpoint
ByMetric = Mapping[str, Cells]


@dataclass(frozen=True)
class WorstHandover:
    """Where a journey loses most for certain, between which steps and owners."""

    before: Step
    after: Step
    givers: tuple[Stakeholder, ...]
    takers: tuple[Stakeholder, ...]
    rule: rules.Handover


@dataclass(frozen=True)
class JourneyRow:
    """One journey on the board; ``figure`` None without answers, ``worst`` None where nothing is lost for certain."""

    journey: Journey
    metric: Metric | None
    figure: Figure | None
    change: float | None
    worst: WorstHandover | None
    measured: int
    touchpoints: int

    @property
    def lost(self) -> float:
        return self.worst.rule.lost if self.worst else 0.0


def open_board(
    session: Session, workspace_id: uuid.UUID, period: Period, search: str = "", owner: str | None = None
) -> list[JourneyRow]:
    """The journeys in use, those that lose most first."""
    shown = journeys.list_journeys(session, workspace_id, search=search, owner=owner, limit=500).items
    places = all_touchpoints(session, workspace_id)
    owners = {each.key: each for each in journeys.stakeholders(session, workspace_id)}
    now, earlier = _cells(session, workspace_id, period)
    whole = _by_journey(now)
    rows = [
        _row(each, whole.get(each.key, {}), earlier.get(each.key, {}), now, places, owners) for each in shown
    ]
    return sorted(rows, key=lambda row: (-row.lost, row.figure is None, row.journey.name))


def all_touchpoints(session: Session, workspace_id: uuid.UUID) -> dict[str, Touchpoint]:
    """Every touchpoint in use, by key."""
    found: dict[str, Touchpoint] = {}
    after: str | None = ""
    while after is not None:
        page = journeys.touchpoints(session, workspace_id, after=after, limit=500)
        found |= {item.key: item for item in page.items}
        after = page.next
    return found


def _cells(
    session: Session, workspace_id: uuid.UUID, period: Period
) -> tuple[dict[Place, dict[str, Cells]], dict[str, dict[str, Cells]]]:
    """((journey, touchpoint) -> metric -> cells now, journey -> metric -> cells before), of series that were not replaced."""
    now: dict[Place, dict[str, dict[int, int]]] = defaultdict(lambda: defaultdict(dict))
    before: dict[str, dict[str, dict[int, int]]] = defaultdict(lambda: defaultdict(dict))
    old = replaced(session, workspace_id)
    for metric in metrics_in_use(session, workspace_id):
        chosen = cube.Slice(metric, since=period.before.first, until=period.last)
        for count in overviews.by_journey(session, workspace_id, chosen, period.first):
            if not count.journey or count.series in old:
                continue
            if count.now:
                _add(now[count.journey, count.touchpoint][metric], count.score, count.now)
            if count.n > count.now:
                _add(before[count.journey][metric], count.score, count.n - count.now)
    return {at: dict(of) for at, of in now.items()}, {at: dict(of) for at, of in before.items()}


def _add(cells: dict[int, int], score: int, n: int) -> None:
    cells[score] = cells.get(score, 0) + n


def _by_journey(cells: Mapping[Place, ByMetric]) -> dict[str, dict[str, Cells]]:
    parts: dict[str, dict[str, list[Cells]]] = defaultdict(lambda: defaultdict(list))
    for (journey, _), metrics in cells.items():
        for metric, each in metrics.items():
            parts[journey][metric].append(each)
    return {
        journey: {metric: merged(each) for metric, each in metrics.items()}
        for journey, metrics in parts.items()
    }


def _row(
    journey: Journey,
    whole: ByMetric,
    earlier: ByMetric,
    now: Mapping[Place, ByMetric],
    places: Mapping[str, Touchpoint],
    owners: Mapping[str, Stakeholder],
) -> JourneyRow:
    key = max(whole, key=lambda name: (total(whole[name]), name), default=None)
    metric = METRICS[key] if key else None
    shown = figure_of(metric, whole[key]) if key and metric else None
    before = value_of(metric, earlier.get(key, {})) if key and metric else None
    change = shown.value - before if shown and shown.value is not None and before is not None else None
    there = [place for place in journey.touchpoints if place in places]
    measured = sum(1 for place in there if (journey.key, place) in now)
    worst = _worst(journey, now, places, owners)
    return JourneyRow(journey, metric, shown, change, worst, measured, len(there))


class _Side(NamedTuple):
    """One measured step of a journey: its answers on the common scale, and what they come to."""

    step: Step
    place: Touchpoint
    cells: Cells
    n: int
    net: float


def _worst(
    journey: Journey,
    now: Mapping[Place, ByMetric],
    places: Mapping[str, Touchpoint],
    owners: Mapping[str, Stakeholder],
) -> WorstHandover | None:
    """The greatest loss for certain. The interval is solved for the likely candidates only: it is the dear part."""
    handed = [
        pair
        for pair in pairwise(_measured(journey, now, places))
        if set(pair[0].place.owners) != set(pair[1].place.owners) and _loss(pair) > 0
    ]
    for before, after in sorted(handed, key=_loss, reverse=True)[:3]:
        sides = [
            rules.Step(each.step.key, frozenset(each.place.owners), each.cells) for each in (before, after)
        ]
        rule = rules.handovers(NET, sides)[0]
        if rule.high < 0:
            givers, takers = (_named(each.place.owners, owners) for each in (before, after))
            return WorstHandover(before.step, after.step, givers, takers, rule)
    return None


def _measured(
    journey: Journey, now: Mapping[Place, ByMetric], places: Mapping[str, Touchpoint]
) -> Iterator[_Side]:
    """The steps with enough answers to be shown, in the customer's order."""
    for step in journey.steps:
        place = places.get(step.touchpoint or "")
        if place and (journey.key, place.key) in now:
            cells = _net(now[journey.key, place.key])
            n = total(cells)
            if n >= K:
                yield _Side(step, place, cells, n, value_of(NET, cells) or 0.0)


def _loss(pair: tuple[_Side, _Side]) -> float:
    before, after = pair
    return (before.net - after.net) * after.n


def _net(metrics: ByMetric) -> dict[int, int]:
    key = max(metrics, key=lambda name: (total(metrics[name]), name), default=None)
    return net_cells(METRICS[key], metrics[key]) if key else {}


def _named(keys: Iterable[str], owners: Mapping[str, Stakeholder]) -> tuple[Stakeholder, ...]:
    return tuple(owners[key] for key in keys if key in owners)
