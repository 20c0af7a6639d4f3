"""What a touchpoint (or a whole journey) says in a period: pure assembly of figures from tallies."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from collector.dashboard.common_scale import NET, net_cells
from collector.dashboard.period import Period
from collector.kpis import METRICS, Figure, Metric, figure
from collector.statistics import Cells, mean, merged, total, within

Days = Mapping[date, Cells]
Trends = Mapping[tuple[str, str], tuple[float | None, ...]]


class Tally(NamedTuple):
    """So many customers' answers of one day gave one score at a touchpoint; a page may hold tens of thousands."""

    touchpoint: str
    metric: str
    day: date
    score: int
    n: int
    series: uuid.UUID | None = None


class Funnel(NamedTuple):
    """What became of invitations: how many customers were asked, saw the question, and answered it."""

    asked: int
    seen: int
    answered: int


@dataclass(frozen=True)
class Reading:
    """A figure with all that stands beside it on a dashlet.

    ``net`` is the same answers on the journey's common scale. ``before`` is the value of the period before, ``trend``
    the values of the stretches of this one; None where nobody answered. ``funnel``: None where nobody was asked.
    """

    metric: Metric
    figure: Figure
    net: Figure
    before: float | None
    n_before: int
    trend: tuple[float | None, ...]
    cells: Cells
    funnel: Funnel | None = None

    @property
    def n(self) -> int:
        return self.figure.n or 0

    @property
    def change(self) -> float | None:
        """By how much the figure moved since the period before, in its unit."""
        if self.before is None or self.figure.value is None:
            return None
        return self.figure.value - self.before

    @property
    def response_rate(self) -> float | None:
        """Answers per customer asked, 0 to 1 (AAPOR's RR2); None where nobody was (imports, volunteered feedback)."""
        return self.funnel.answered / self.funnel.asked if self.funnel else None


def by_touchpoint(
    tallies: Iterable[Tally],
    period: Period,
    funnel: Mapping[str, Funnel] | None = None,
    trends: Trends | None = None,
    leading: str | None = None,
) -> dict[str, Reading]:
    """The reading of each touchpoint with answers in the period; ``funnel`` says of each who was asked.

    ``trends`` are the sparklines where the tallies know no days; without them the tallies' own days make the trend.

    Where a touchpoint is asked with several metrics, ``leading`` leads, else the one with the most answers.
    """
    found: dict[str, Reading] = {}
    for place, metrics in _sorted_out(tallies).items():
        key = max(metrics, key=lambda key: _precedence(key, _count(metrics[key], period), leading))
        if _count(metrics[key], period):
            trend = None if trends is None else trends.get((place, key), ())
            reading = read(METRICS[key], metrics[key], period, trend)
            found[place] = replace(reading, funnel=(funnel or {}).get(place))
    return found


def read(
    metric: Metric, days: Days, period: Period, trend: tuple[float | None, ...] | None = None
) -> Reading:
    """The reading of one metric from the cells of each day, those of the period before among them."""
    if trend is None:
        trend = tuple(value_of(metric, each) for each in stretches(days, period))
    cells = merged(of_day for day, of_day in days.items() if day in period)
    earlier = merged(of_day for day, of_day in days.items() if day in period.before)
    shown = figure_of(metric, cells)
    return Reading(
        metric=metric,
        figure=shown,
        net=shown if metric.kind == "net" else figure_of(NET, net_cells(metric, cells)),
        before=value_of(metric, earlier),
        n_before=total(earlier),
        trend=trend,
        cells=cells,
    )


def stretches(days: Days, period: Period) -> list[Cells]:
    """The cells of each stretch of the period, oldest first."""
    places = period.bucket_by_day()
    cut: list[dict[int, int]] = [{} for _ in period.buckets()]
    for day, cells in days.items():
        if day in places:
            stretch = cut[places[day]]
            for score, n in cells.items():
                stretch[score] = stretch.get(score, 0) + n
    return list(cut)


def figure_of(metric: Metric, cells: Cells) -> Figure:
    """The figure with its interval; the interval takes half a millisecond to solve, so figures are remembered."""
    return _remembered(metric, tuple(sorted((score, n) for score, n in cells.items() if n)))


def value_of(metric: Metric, cells: Cells) -> float | None:
    """The leading number alone, without its interval: enough for a sparkline and far quicker."""
    n = total(cells)
    if n == 0:
        return None
    if metric.kind == "mean":
        return mean(cells)
    top = within(cells, metric.top)
    return (top - (within(cells, metric.bottom) if metric.kind == "net" else 0)) / n * 100


@lru_cache(maxsize=20_000)
def _remembered(metric: Metric, cells: tuple[tuple[int, int], ...]) -> Figure:
    return figure(metric, dict(cells))


def _sorted_out(tallies: Iterable[Tally]) -> dict[str, dict[str, dict[date, dict[int, int]]]]:
    """touchpoint -> metric -> day -> cells."""
    found: dict[str, dict[str, dict[date, dict[int, int]]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(dict))
    )
    for tally in tallies:
        cells = found[tally.touchpoint][tally.metric][tally.day]
        cells[tally.score] = cells.get(tally.score, 0) + tally.n
    return found


def _precedence(metric: str, n: int, leading: str | None) -> tuple[bool, int, str]:
    return metric == leading and n > 0, n, metric


def _count(days: Days, period: Period) -> int:
    return sum(total(cells) for day, cells in days.items() if day in period)
