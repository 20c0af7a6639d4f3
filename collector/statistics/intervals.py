"""Confidence intervals: counts or cells in, an interval in the unit of the scores out.

What is shown is always a score interval: it asks which true values the data do not contradict, taking the
variance under each candidate, not the one that happened to be observed. For one share it is Wilson's, for
the NPS Tango's, for a mean on a scale the same thought with more cells. So it stays inside the scale, has a
width even if everyone agrees, and holds its level from five answers on (docs/reference/statistics.md).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import hypot, sqrt

from collector.statistics.cells import Cells, mean, total, variance
from collector.statistics.distributions import beta_cdf, t_quantile, z_quantile

LEVEL = 0.95


@dataclass(frozen=True)
class Interval:
    """A confidence interval, in whatever unit its maker names."""

    low: float
    high: float

    def overlaps(self, other: "Interval") -> bool:
        """Say whether the two share a point."""
        return self.low <= other.high and other.low <= self.high

    def scaled(self, factor: float) -> "Interval":
        """Change the unit: shares times 100 are percent."""
        return Interval(self.low * factor, self.high * factor)


def wilson(hits: float, n: float, level: float = LEVEL) -> Interval:
    """Return Wilson's score interval of a share, 0..1 (Newcombe 1998, Stat. Med. 17:857, method 3).

    n may be an effective sample size, hence not whole. ValueError for n = 0: no data has no interval.
    """
    if n <= 0 or not 0 <= hits <= n:
        raise ValueError("a share needs 0 <= hits <= n and n > 0")
    z2 = z_quantile(level) ** 2
    centre = hits + z2 / 2
    spread = sqrt(z2) * sqrt(hits * (n - hits) / n + z2 / 4)
    # At the ends the bound is known; rounding must not push it past the point it belongs to.
    low = 0.0 if hits == 0 else (centre - spread) / (n + z2)
    high = 1.0 if hits == n else (centre + spread) / (n + z2)
    return Interval(low, high)


@lru_cache(maxsize=50_000)
def clopper_pearson(hits: int, n: int, level: float = LEVEL) -> Interval:
    """Return the exact interval of a share, 0..1 (Clopper & Pearson 1934, Biometrika 26:404).

    It leaves out the shares under which so few or so many hits have a chance of at most (1 - level) / 2 each. It
    holds its level for every share and n, far out in the tails too. ValueError for n = 0 or hits off 0..n.
    """
    if n <= 0 or not 0 <= hits <= n:
        raise ValueError("a share needs 0 <= hits <= n and n > 0")
    tail, seen = (1 - level) / 2, hits / n
    low = _root(lambda share: tail - beta_cdf(share, hits, n - hits + 1), 0, seen) if hits else 0.0
    high = _root(lambda share: 1 - beta_cdf(share, hits + 1, n - hits) - tail, seen, 1) if hits < n else 1.0
    return Interval(low, high)


def mean_score(cells: Cells, lowest: int, highest: int, level: float = LEVEL) -> Interval:
    """Return the score interval of a mean on a bounded scale, in units of that scale.

    A candidate mean is kept while |mean - candidate| <= z * sqrt(V / n), where V is the variance of the
    likeliest distribution on the whole scale that has the candidate as its mean. With the scores 0 and 1
    this is Wilson's interval, with -1, 0 and 1 Tango's (Rocks 2016, Am. Stat. 70:365).
    ValueError without answers or with answers off the scale.
    """
    return _solved(tuple(sorted((score, n) for score, n in cells.items() if n)), lowest, highest, level)


@lru_cache(maxsize=20_000)
def _solved(counts: tuple[tuple[int, int], ...], lowest: int, highest: int, level: float) -> Interval:
    """Solve it once for the same counts: a page asks again every few seconds, and most of its counts have not moved."""
    cells = dict(counts)
    n = total(cells)
    heights = {score - lowest: count for score, count in counts}
    span = highest - lowest
    if n == 0 or span <= 0 or min(heights) < 0 or max(heights) > span:
        raise ValueError("a mean on a scale needs answers, all of them on the scale")
    depths = {span - height: count for height, count in heights.items()}
    threshold = z_quantile(level) ** 2 / n
    low = lowest + _farthest_below(heights, n, span, threshold)
    return Interval(low, highest - _farthest_below(depths, n, span, threshold))


def _farthest_below(heights: Cells, n: int, span: int, threshold: float) -> float:
    """Return the smallest mean that is kept, above the scale's floor, where (observed - mean)² = threshold * V.

    The likeliest distribution with a lower mean weighs a cell at height h by 1 / (f + (1 - f) h / span), with
    f falling from 1 (as observed) to 0 (the harmonic mean). Where nobody answered at the floor, lower means
    still take probability moved to that empty cell; then the equation comes down to observed / (1 + threshold).
    """
    observed = sum(height * count for height, count in heights.items()) / n
    if 0 not in heights:
        farthest = observed / (1 + threshold)
        if farthest <= n / sum(count / height for height, count in heights.items()):
            return farthest
    elif len(heights) == 1:
        return 0.0

    def excess(f: float) -> float:
        average, spread = _tilted(heights, f, span)
        return (observed - average) ** 2 - threshold * spread

    return _tilted(heights, _root(excess, 0.0, 1.0), span)[0]


def _tilted(heights: Cells, f: float, span: int) -> tuple[float, float]:
    """Return mean and variance under the weights 1 / (f + (1 - f) h / span)."""
    if f == 0 and 0 in heights:
        return 0.0, 0.0
    weights = {height: count / (f + (1 - f) * height / span) for height, count in heights.items()}
    whole = sum(weights.values())
    average = sum(height * weight for height, weight in weights.items()) / whole
    return average, sum(weight * (height - average) ** 2 for height, weight in weights.items()) / whole


def _root(function: Callable[[float], float], low: float, high: float) -> float:
    """Find where a function that is positive at low and negative at high changes sign, by Ridders' method."""
    f_low, f_high = function(low), function(high)
    root = high if f_low > 0 else low
    while f_low > 0 and high - low > 1e-12:
        middle = (low + high) / 2
        f_middle = function(middle)
        before, root = root, middle + (middle - low) * f_middle / sqrt(f_middle**2 - f_low * f_high)
        f_root = function(root)
        if f_root == 0 or abs(root - before) < 1e-12:
            break
        for point, value in ((middle, f_middle), (root, f_root)):
            if value > 0 and point > low:
                low, f_low = point, value
            elif value <= 0 and point < high:
                high, f_high = point, value
    return root


def nps_score(detractors: int, passives: int, promoters: int, level: float = LEVEL) -> Interval:
    """Return the score interval of the NPS as a net share, -1..1: the one to show."""
    return mean_score({-1: detractors, 0: passives, 1: promoters}, -1, 1, level)


def nps_adjusted_wald(detractors: int, passives: int, promoters: int, level: float = LEVEL) -> Interval:
    """Return the adjusted Wald interval of the NPS, -1..1: plain Wald with 3/4, 3/2, 3/4 answers more (Rocks 2016).

    Good enough to do on paper; the point beside it stays the raw NPS.
    """
    bounds = nps_wald(detractors + 0.75, passives + 1.5, promoters + 0.75, level)
    return Interval(max(-1.0, bounds.low), min(1.0, bounds.high))


def nps_wald(detractors: float, passives: float, promoters: float, level: float = LEVEL) -> Interval:
    """Return the plain Wald interval of the NPS, -1..1: for comparison only, never shown.

    Ten promoters out of ten give it width 0; at n = 10 it may hold 79 % instead of 95 %.
    """
    n = detractors + passives + promoters
    if n <= 0:
        raise ValueError("an NPS needs answers")
    net = (promoters - detractors) / n
    margin = z_quantile(level) * sqrt(((promoters + detractors) / n - net**2) / n)
    return Interval(net - margin, net + margin)


def mean_t(cells: Cells, level: float = LEVEL) -> Interval:
    """Return Student's interval of a mean, of width 0 if all agree: for comparison, never shown.

    ValueError under two answers, where the spread is unknown.
    """
    n, average, spread = total(cells), mean(cells), variance(cells)
    if n < 2 or average is None or spread is None:
        raise ValueError("Student's interval needs two answers")
    margin = t_quantile(level, n - 1) * sqrt(spread / (n - 1))
    return Interval(average - margin, average + margin)


def goodman(counts: Sequence[int], level: float = LEVEL) -> tuple[Interval, ...]:
    """Return simultaneous intervals of k shares, 0..1 (Goodman 1965): Wilson's, at 1 - (1 - level) / k."""
    n, each = sum(counts), 1 - (1 - level) / len(counts)
    return tuple(wilson(count, n, each) for count in counts)


def difference(value_a: float, a: Interval, value_b: float, b: Interval) -> Interval:
    """Return the interval of a - b for independent samples by squaring and adding the arms of both intervals.

    Zou & Donner 2008 (MOVER); with Wilson's intervals this is Newcombe's method 10 (1998, Stat. Med. 17:873).
    """
    gap = value_a - value_b
    return Interval(
        gap - hypot(value_a - a.low, b.high - value_b), gap + hypot(a.high - value_a, value_b - b.low)
    )


def newcombe(hits_a: int, n_a: int, hits_b: int, n_b: int, level: float = LEVEL) -> Interval:
    """Return Newcombe's interval of the difference of two independent shares, -1..1."""
    a, b = wilson(hits_a, n_a, level), wilson(hits_b, n_b, level)
    return difference(hits_a / n_a, a, hits_b / n_b, b)
