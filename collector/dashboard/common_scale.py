"""One scale for all metrics along a journey: the net share, who was pleased minus who was displeased.

NPS, CSAT and CES cannot be subtracted from each other. Their top and bottom bands can be counted, though: the net share
runs from -100 to 100 for each, equals the NPS where the NPS was asked, and has the same score interval.
"""

from __future__ import annotations

from dataclasses import replace

from collector.kpis import METRICS, Metric
from collector.statistics import Cells, total, within

NET = replace(
    METRICS["nps"],
    key="net",
    name="Net share",
    formula="share of favourable answers minus share of unfavourable ones, times 100",
    scale="each metric's own bands",
    lowest=-1,
    highest=1,
    top=range(1, 2),
    bottom=range(-1, 0),
    has_mean=False,
)
POINTS_PER_STEP = 50


def net_cells(metric: Metric, cells: Cells) -> dict[int, int]:
    """The answers as -1 (bottom band), 0 (between) and 1 (top band)."""
    top, bottom = within(cells, metric.top), within(cells, metric.bottom)
    return {-1: bottom, 0: total(cells) - top - bottom, 1: top}


def expected_points(expectation: int | None) -> float | None:
    """An expectation of -2 to +2 on the net scale of -100 to 100; None stays None."""
    return None if expectation is None else float(expectation * POINTS_PER_STEP)
