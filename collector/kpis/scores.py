"""Scores: cells in, the figure that dashboard and API show out.

Inside, shares are 0..1; here they become what people read: the NPS in points from -100 to 100, shares in
percent, means on their scale. No answers is None, never 0.
"""

from dataclasses import dataclass

from collector.kpis.metrics import GOAL_SCORES, METRICS, Metric
from collector.statistics import (
    LEVEL,
    Cells,
    Interval,
    K,
    low_base,
    mean,
    mean_score,
    nps_score,
    too_few,
    total,
    wilson,
    within,
)

__all__ = ["GOAL_SCORES", "METRICS", "Figure", "Metric", "favourable", "figure", "guarded", "withheld"]


@dataclass(frozen=True)
class Figure:
    """One shown number with all that must stand beside it; low and high bound it at 95 %.

    metric: key of the registry, which says the unit of value, low and high. n: answers. counts: every score
    of the scale -> answers. mean: on the scale of the answers, where that means something. share, share_low,
    share_high: percent of favourable answers. low_base: n < 30. hidden: withheld for privacy, all else empty.
    """

    metric: str
    n: int | None
    value: float | None
    low: float | None
    high: float | None
    counts: dict[int, int]
    mean: float | None
    share: float | None
    share_low: float | None
    share_high: float | None
    low_base: bool
    hidden: bool = False


def figure(metric: Metric, cells: Cells, level: float = LEVEL) -> Figure:
    """Compute the figure of a metric from its cells; without answers n is 0 and the rest None.

    ValueError for a score off the metric's scale, so that a mixed-up series cannot pass for data.
    """
    counts = _counted(metric, cells)
    n = total(counts)
    if n == 0:
        return Figure(metric.key, 0, None, None, None, counts, None, None, None, None, low_base=True)
    value, bounds = _leading(metric, counts, level)
    shares = favourable(metric, counts, level)
    return Figure(
        metric=metric.key,
        n=n,
        value=value,
        low=bounds.low,
        high=bounds.high,
        counts=counts,
        mean=mean(counts) if metric.has_mean else None,
        share=within(counts, metric.top) / n * 100,
        share_low=shares.low,
        share_high=shares.high,
        low_base=low_base(n),
    )


def guarded(metric: Metric, cells: Cells, k: int = K) -> Figure:
    """Compute a figure, or withhold it if fewer than k people answered."""
    return withheld(metric) if too_few(total(cells), k) else figure(metric, cells)


def withheld(metric: Metric) -> Figure:
    """Return the figure that says only that it is hidden: not even n, which subtraction could use."""
    return Figure(metric.key, None, None, None, None, {}, None, None, None, None, low_base=True, hidden=True)


def favourable(metric: Metric, cells: Cells, level: float = LEVEL) -> Interval:
    """Return the interval in percent of the share of favourable answers."""
    return wilson(within(cells, metric.top), total(cells), level).scaled(100)


def _counted(metric: Metric, cells: Cells) -> dict[int, int]:
    """Lay the cells out over the whole scale, empty scores as 0."""
    off = sorted(score for score, n in cells.items() if n and not metric.lowest <= score <= metric.highest)
    if off:
        raise ValueError(f"{metric.key} has no score {off[0]}, only {metric.lowest} to {metric.highest}")
    return {score: cells.get(score, 0) for score in range(metric.lowest, metric.highest + 1)}


def _leading(metric: Metric, counts: Cells, level: float) -> tuple[float, Interval]:
    """Return the figure that leads, and its interval, in the metric's unit."""
    n, top, bottom = total(counts), within(counts, metric.top), within(counts, metric.bottom)
    if metric.kind == "net":
        return (top - bottom) / n * 100, nps_score(bottom, n - top - bottom, top, level).scaled(100)
    if metric.kind == "share":
        return top / n * 100, favourable(metric, counts, level)
    average = sum(score * count for score, count in counts.items()) / n
    return average, mean_score(counts, metric.lowest, metric.highest, level)
