"""Falls over time: has the share of unhappy answers risen? Answer by answer, with the false alarms that were agreed upon.

A Bernoulli CUSUM (see ``control_charts``) starts from 0, with the threshold whose run length gives the wanted number
of false alarms at the touchpoint's own rate of answers. What is usual there is an estimate: the chart is laid out for the
share that it exceeds in one case of ten only (an upper Wilson bound), so that a baseline that came out too low by chance
costs reaction and not false alarms. Its size of interest is twice the odds of that share, as nearly as
simple ratios of its steps allow: then the chain of states is small, and the run length exact.
"""

from functools import lru_cache
from math import ceil, floor, log, log2, sqrt
from typing import NamedTuple

from collector.statistics import run_length
from collector.statistics.control_charts import BernoulliCusum
from collector.statistics.intervals import wilson

ODDS = 2.0
"""How much worse than usual the chart is made to find."""
CAUTION = 0.8
"""Level of the two-sided interval whose upper end is taken for usual."""
LEAST_BASELINE = 50
"""Answers that it takes to know what is usual."""
LONGEST_BASELINE = 2000
"""Beyond so many, what is older counts for half."""
FINEST, LOWEST, HIGHEST = 200, 0.02, 0.85
EVIDENCE = log(100)
"""The likelihood ratio at which a series counts as recovered: a hundred to one for what was usual, against the size of interest."""
STAYED = 200
"""After so many answers at the new level it is the usual one."""


class Tally(NamedTuple):
    """Unhappy answers of all."""

    hits: int = 0
    n: int = 0

    def and_one(self, hit: bool) -> "Tally":
        return Tally(self.hits + hit, self.n + 1)

    def and_all(self, other: "Tally") -> "Tally":
        return Tally(self.hits + other.hits, self.n + other.n)

    @property
    def share(self) -> float:
        return self.hits / self.n if self.n else 0.0


class Walk(NamedTuple):
    """The sum as it stands and the answers since it was last 0; ``usual`` are those of before.

    ``laid_out``: for how many usual answers the chart was made. While an alarm stands, ``after`` are the answers since,
    and ``back`` the evidence that all is as before.
    """

    usual: Tally = Tally()
    laid_out: int = 0
    total: float = 0.0
    run: Tally = Tally()
    alarmed: bool = False
    after: Tally = Tally()
    back: float = 0.0

    @property
    def is_learning(self) -> bool:
        return not self.alarmed and self.usual.n < LEAST_BASELINE

    @property
    def is_outgrown(self) -> bool:
        """Whether so much more is known of what is usual that the chart should be laid out anew."""
        return not self.is_learning and (self.laid_out == 0 or self.usual.n >= 2 * self.laid_out)


def design(usual: Tally, answers_per_year: float, alarms_per_year: float) -> BernoulliCusum:
    """The chart of a touchpoint: so many answers and at most so many false alarms in a year."""
    cautious = wilson(usual.hits, usual.n, CAUTION).high
    p0 = min(max(ceil(cautious * FINEST) / FINEST, LOWEST), HIGHEST)
    wanted = max(answers_per_year / alarms_per_year, 50.0)
    return _laid_out(p0, ceil(2 * log2(wanted)))


@lru_cache(maxsize=4096)
def _laid_out(p0: float, half_doublings: int) -> BernoulliCusum:
    p1 = _worth_finding(p0)
    return BernoulliCusum(p0, p1, run_length.threshold(p0, p1, sqrt(2.0) ** half_doublings))


def _worth_finding(p0: float) -> float:
    """The least share of at least twice the odds whose steps up and down are few parts of one another."""
    p1 = ODDS * p0 / (1 - p0 + ODDS * p0)
    wanted = _ratio(p0, p1)
    parts = 1 if wanted >= 4 else 4 if wanted >= 1 else 8
    ratio = floor(wanted * parts) / parts
    low, high = p1, 1 - 1e-9
    while high - low > 1e-12:
        middle = (low + high) / 2
        low, high = (middle, high) if _ratio(p0, middle) > ratio else (low, middle)
    return high


def _ratio(p0: float, p1: float) -> float:
    """Steps down that one step up is worth; it falls as p1 rises."""
    return log(p1 / p0) / log((1 - p0) / (1 - p1))


def learn(walk: Walk, hit: bool) -> Walk:
    """One more answer while it is being learned what is usual."""
    return walk._replace(usual=walk.usual.and_one(hit))


def step(chart: BernoulliCusum, walk: Walk, hit: bool) -> Walk:
    """One more answer of a quiet series; ``alarmed`` where it is the one that tells."""
    total, run = chart.add(walk.total, hit), walk.run.and_one(hit)
    if total >= chart.threshold:
        return walk._replace(total=total, run=run, alarmed=True, after=Tally(), back=0.0)
    if total > 0:
        return walk._replace(total=total, run=run)
    return _grown(walk, run)._replace(total=0.0, run=Tally())


def _grown(walk: Walk, run: Tally) -> Walk:
    usual = walk.usual.and_all(run)
    if usual.n <= LONGEST_BASELINE:
        return walk._replace(usual=usual)
    return walk._replace(usual=Tally(usual.hits // 2, usual.n // 2), laid_out=walk.laid_out // 2)


def step_back(chart: BernoulliCusum, walk: Walk, hit: bool) -> Walk:
    """One more answer while an alarm stands: quiet again once it is as before, or once the new level has stayed.

    As before is held against the chart's own size of interest, not against the share that the alarm was told with: that
    was picked for standing out, and beside one so large a few good answers would pass for a recovery.
    """
    up, down = log(chart.p1 / chart.p0), log((1 - chart.p0) / (1 - chart.p1))
    back, after = max(0.0, walk.back + (-up if hit else down)), walk.after.and_one(hit)
    if back >= EVIDENCE:
        return Walk(usual=walk.usual, laid_out=walk.laid_out)
    if after.n >= STAYED:
        return Walk(usual=after)
    return walk._replace(back=back, after=after)


def laid_out(walk: Walk) -> Walk:
    """The same once its chart was laid out for what is usual by now; the sum begins anew with the chart."""
    return walk._replace(laid_out=walk.usual.n, total=0.0, run=Tally())


def accept(walk: Walk) -> Walk:
    """Somebody knows: what comes from now on is the new usual."""
    return Walk(usual=walk.after)
