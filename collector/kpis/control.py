"""Control limits of a trend: between them a figure varies as it always does, by chance and by its usual ups and downs.

Laney's p' chart: limits of three sigma, stretched by the variation between stretches of time. Shown for shares and net shares, and
only where there is enough to know that variation by.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from collector.kpis.metrics import Metric
from collector.statistics import Cells, control_charts, total, within

LEAST_STRETCHES, LEAST = 8, 30
"""So many stretches with answers, and in each of them so many answers."""


class Limits(NamedTuple):
    """The limits of one stretch, in the metric's unit, and whether its figure lies outside of them."""

    low: float
    high: float
    outside: bool


def limits(metric: Metric, stretches: Sequence[Cells]) -> list[Limits | None]:
    """The limits of each stretch, None where nobody answered; [] where there is too little to tell, or a mean."""
    sizes = [total(cells) for cells in stretches]
    answered = [n for n in sizes if n]
    if metric.kind == "mean" or len(answered) < LEAST_STRETCHES or min(answered) < LEAST:
        return []
    top = [within(cells, metric.top) for cells in stretches]
    bottom = [within(cells, metric.bottom) for cells in stretches]
    if metric.kind == "share":
        chart = control_charts.laney_chart(top, sizes)
    else:
        rest = [n - high - low for n, high, low in zip(sizes, top, bottom, strict=True)]
        chart = control_charts.laney_net_chart(list(zip(bottom, rest, top, strict=True)))
    return [_limits(point) for point in chart.points]


def _limits(point: control_charts.Point) -> Limits | None:
    if point.low is None or point.high is None:
        return None
    return Limits(point.low * 100, point.high * 100, point.signal)
