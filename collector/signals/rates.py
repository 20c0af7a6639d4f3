"""What the rules agree upon: which answers are unhappy, how many come in a year, when parts are looked at. Pure."""

from __future__ import annotations

from typing import Any

from collector.kpis import Metric
from collector.signals.models import SignalWatch, Walked
from collector.statistics import falls, share

YEAR = 365.25
FEWEST_DAYS = 7
"""A rate of answers is read over a week at least."""
LEAST_NEW = 20
"""New answers that a look at parts waits for, on busy touchpoints those of half a day."""


def is_unhappy(metric: Metric, score: int) -> bool:
    """Whether an answer counts as unhappy: of a share what is not in it, else the lower band of the scale."""
    return score not in metric.top if metric.kind == "share" else score in metric.bottom


def answers_a_year(watch: Walked) -> float:
    """The rate of a touchpoint's question, as far as it is watched."""
    days = max(FEWEST_DAYS, ((watch.last_day or watch.began_on) - watch.began_on).days + 1)
    return max(1, watch.told) / days * YEAR


def between_looks(watch: SignalWatch) -> float:
    """New answers between two looks at parts."""
    return max(LEAST_NEW, answers_a_year(watch) / YEAR / 2)


def looks_a_year(watch: SignalWatch) -> float:
    """Over how many looks the false alarms of a year are spent; one at least."""
    return max(1.0, answers_a_year(watch) / between_looks(watch))


def figure(tally: falls.Tally) -> dict[str, Any]:
    """The share of unhappy answers as a signal keeps it: in percent, with its interval."""
    found = share(tally.hits, tally.n)
    return {"n": found.base, "share": found.value, "low": found.low, "high": found.high}
