"""What the answers say of a hypothesis: the estimate, its interval, the p value, by either design.

Fixed: one look at the end. A share against a threshold by Clopper & Pearson's exact interval; other figures by their
score interval; a difference of shares by Newcombe's interval and the z test (Fisher's where counts are small), of net
shares by their score intervals, of means by theirs and by Mann & Whitney's test, which knows ties. Always valid: any
number of looks, see ``always_valid``.
"""

from dataclasses import dataclass
from math import hypot

from collector.statistics import always_valid
from collector.statistics.cells import Cells
from collector.statistics.comparisons import compare_nps, compare_shares, mann_whitney
from collector.statistics.distributions import beta_cdf, two_sided_p
from collector.statistics.families import Group, adjusted
from collector.statistics.intervals import LEVEL, Interval, clopper_pearson, difference


@dataclass(frozen=True)
class Evidence:
    """A figure or a difference in the units of the counts; None for bounds and p where there are too few answers to say."""

    estimate: float
    bounds: Interval | None
    p: float | None


def fixed_threshold(group: Group, threshold: float, level: float = LEVEL) -> Evidence:
    """Hold one group's figure against a threshold, once."""
    if group.is_share:
        bounds = clopper_pearson(group.hits, group.n, level)
        return Evidence(group.mean, bounds, exact_p(group.hits, group.n, threshold))
    centre, error = adjusted(group)
    return Evidence(group.mean, group.interval(level), two_sided_p((centre - threshold) / error))


def fixed_difference(of: Group, against: Group, level: float = LEVEL) -> Evidence:
    """Compare two groups, once."""
    if of.is_share:
        shares = compare_shares(of.hits, of.n, against.hits, against.n, level)
        return Evidence(shares.difference, shares.interval, shares.p)
    if (of.lowest, of.highest) == (-1, 1):
        net = compare_nps(_bands(of), _bands(against), level)
        return Evidence(net.difference, net.interval, net.p)
    bounds = difference(of.mean, of.interval(level), against.mean, against.interval(level))
    return Evidence(of.mean - against.mean, bounds, mann_whitney(dict(of.counts), dict(against.counts)).p)


def always_threshold(group: Group, threshold: float, tau: float, level: float = LEVEL) -> Evidence:
    """Hold one group's figure against a threshold, at any time."""
    if group.is_share:
        bounds = always_valid.share(group.hits, group.n, level)
        return Evidence(group.mean, bounds, always_valid.share_p(group.hits, group.n, threshold))
    if group.n < always_valid.LEAST:
        return Evidence(group.mean, None, None)
    centre, error = adjusted(group)
    gap = always_valid.difference(centre - threshold, error, tau, level)
    bounds = Interval(gap.low + threshold, gap.high + threshold)
    return Evidence(group.mean, bounds, always_valid.p_value(centre - threshold, error, tau))


def always_difference(of: Group, against: Group, tau: float, level: float = LEVEL) -> Evidence:
    """Compare two groups, at any time."""
    if min(of.n, against.n) < always_valid.LEAST:
        return Evidence(of.mean - against.mean, None, None)
    (centre, error), (centre_against, error_against) = adjusted(of), adjusted(against)
    gap, both = centre - centre_against, hypot(error, error_against)
    return Evidence(
        of.mean - against.mean,
        always_valid.difference(gap, both, tau, level),
        always_valid.p_value(gap, both, tau),
    )


def grown(group: Group, factor: float) -> Group:
    """Return the group as it would be with more answers that are like those it has."""
    cells: Cells = {score: round(n * factor) for score, n in group.counts}
    return Group.of(cells, group.lowest, group.highest, group.unit)


def _bands(group: Group) -> tuple[int, int, int]:
    counts = dict(group.counts)
    return counts.get(-1, 0), counts.get(0, 0), counts.get(1, 0)


def exact_p(hits: int, n: int, p: float) -> float:
    """Return twice the smaller tail of the binomial distribution, as Clopper and Pearson's interval has it."""
    at_least = beta_cdf(p, hits, n - hits + 1) if hits else 1.0
    at_most = 1 - beta_cdf(p, hits + 1, n - hits) if hits < n else 1.0
    return min(1.0, 2 * min(at_least, at_most))
