"""The bands in which a score lies: unhappy, in between, happy, on each question's own scale."""

from __future__ import annotations

from collector.kpis.metrics import METRICS

BANDS = ("bottom", "middle", "top")


def scores_of(band: str) -> dict[str, list[int]]:
    """Metric -> the scores of a band: 6 is bottom for the NPS and top for the CES."""
    return {
        key: [score for score in range(metric.lowest, metric.highest + 1) if band_of(key, score) == band]
        for key, metric in METRICS.items()
    }


def band_of(metric: str, score: int | None) -> str:
    """``top``, ``bottom`` or ``middle``."""
    if score is None or metric not in METRICS:
        return "middle"
    definition = METRICS[metric]
    return "top" if score in definition.top else "bottom" if score in definition.bottom else "middle"
