"""A response rate that has fallen: the chart of ``falls`` for the share of asks that stay without an answer.

Most asks do, so a step up is a small part of a step down; the size of interest is half the odds of an answer, as nearly as
simple ratios of the steps allow.
"""

from functools import lru_cache
from math import ceil, log, log2, sqrt

from collector.statistics import run_length
from collector.statistics.control_charts import BernoulliCusum
from collector.statistics.falls import CAUTION, FINEST, LOWEST, ODDS, Tally
from collector.statistics.intervals import wilson

HIGHEST = 0.97
"""Where more than so many stay silent, a fall of what little there is cannot be told from chance."""


def design(silent: Tally, asks_per_year: float, alarms_per_year: float) -> BernoulliCusum | None:
    """The chart of a touchpoint where so many of all asks stayed silent; None where too few answer."""
    cautious = wilson(silent.hits, silent.n, CAUTION).high
    p0 = max(ceil(cautious * FINEST) / FINEST, LOWEST)
    if p0 > HIGHEST:
        return None
    wanted = max(asks_per_year / alarms_per_year, 50.0)
    return _laid_out(p0, ceil(2 * log2(wanted)))


@lru_cache(maxsize=1024)
def _laid_out(p0: float, half_doublings: int) -> BernoulliCusum:
    p1 = _worth_finding(p0)
    return BernoulliCusum(p0, p1, run_length.threshold(p0, p1, sqrt(2.0) ** half_doublings))


def _worth_finding(p0: float) -> float:
    """The least share of at least twice the odds of silence at which a step down is a whole number of steps up, or
    the other way round."""
    low, high = ODDS * p0 / (1 - p0 + ODDS * p0), 1 - 1e-12
    wanted = _ratio(p0, low)
    ratio = float(int(wanted)) if wanted >= 1 else 1 / ceil(1 / wanted)
    while high - low > 1e-13:
        middle = (low + high) / 2
        low, high = (middle, high) if _ratio(p0, middle) > ratio else (low, middle)
    return high


def _ratio(p0: float, p1: float) -> float:
    """Steps down that one step up is worth; it falls as p1 rises."""
    return log(p1 / p0) / log((1 - p0) / (1 - p1))
