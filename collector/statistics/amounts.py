"""Means of what has no scale, such as money: with Student's interval, wide where few differ much."""

from collections.abc import Sequence
from math import sqrt
from statistics import fmean, variance

from collector.statistics.distributions import t_quantile
from collector.statistics.intervals import LEVEL, Interval


def mean_amount(amounts: Sequence[float], level: float = LEVEL) -> tuple[float, Interval]:
    """Return the mean of independent amounts and Student's interval of it; ValueError under two.

    Amounts are skewed more often than not: beside few of them the interval holds its level only roughly.
    """
    if len(amounts) < 2:
        raise ValueError("Student's interval needs two amounts")
    middle = fmean(amounts)
    margin = t_quantile(level, len(amounts) - 1) * sqrt(variance(amounts, middle) / len(amounts))
    return middle, Interval(middle - margin, middle + margin)
