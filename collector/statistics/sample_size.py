"""Sample sizes: how many answers a wanted precision or a wanted difference takes, rounded up."""

from math import ceil

from collector.statistics.distributions import NORMAL, z_quantile
from collector.statistics.intervals import LEVEL

POWER = 0.8
ADDED_ANSWERS = 3
"""What the adjusted Wald interval adds to n, hence what may be saved again."""


def for_share(margin: float, expected: float = 0.5, level: float = LEVEL) -> int:
    """Return n for a share, 0..1, known to ± margin (Cochran): z² p (1 - p) / margin²; p = 0.5 is the worst."""
    return _ceiling(z_quantile(level) ** 2 * expected * (1 - expected) / _squared(margin))


def for_mean(margin: float, variance: float, level: float = LEVEL) -> int:
    """Return n for a mean known to ± margin: z² V / margin², both on the scale of the answers."""
    return _ceiling(z_quantile(level) ** 2 * variance / _squared(margin))


def for_nps(margin: float, variance: float = 0.67, level: float = LEVEL) -> int:
    """Return n for an NPS as a net share, -1..1, known to ± margin: z² V / margin² - 3 (adjusted Wald).

    V is promoters + detractors - NPS², at most 1; 0.67 fits three equal groups.
    """
    return _ceiling(z_quantile(level) ** 2 * variance / _squared(margin) - ADDED_ANSWERS)


def for_nps_difference(
    gap: float, variance_a: float = 0.67, variance_b: float = 0.67, level: float = LEVEL, power: float = POWER
) -> int:
    """Return n per group to find a gap between two NPS, -1..1: (z + z_power)² (V1 + V2) / gap² - 3."""
    return _ceiling(_reach(level, power) ** 2 * (variance_a + variance_b) / _squared(gap) - ADDED_ANSWERS)


def for_shares_unpooled(share_a: float, share_b: float, level: float = LEVEL, power: float = POWER) -> int:
    """Return n per group to tell two shares apart, each with its own variance: (z + z_power)² (V1 + V2) / gap²."""
    variances = share_a * (1 - share_a) + share_b * (1 - share_b)
    return _ceiling(_reach(level, power) ** 2 * variances / _squared(share_a - share_b))


def for_shares_pooled(share_a: float, share_b: float, level: float = LEVEL, power: float = POWER) -> int:
    """Return n per group to tell two shares apart by the z test, which pools the variance if they are equal.

    (z sqrt(2 p (1 - p)) + z_power sqrt(V1 + V2))² / gap², p the mean of both shares (Fleiss).
    """
    pooled = (share_a + share_b) / 2
    under_null = (2 * pooled * (1 - pooled)) ** 0.5
    otherwise = (share_a * (1 - share_a) + share_b * (1 - share_b)) ** 0.5
    reach = z_quantile(level) * under_null + NORMAL.inv_cdf(power) * otherwise
    return _ceiling(reach**2 / _squared(share_a - share_b))


def for_gap(gap: float, variance: float, level: float = LEVEL, power: float = POWER) -> int:
    """Return n to find a gap of a figure whose answers have this variance: (z + z_power)² V / gap²; twice V for two groups."""
    return _ceiling(_reach(level, power) ** 2 * variance / _squared(gap))


def _reach(level: float, power: float) -> float:
    return z_quantile(level) + NORMAL.inv_cdf(power)


def _squared(gap: float) -> float:
    if gap == 0:
        raise ValueError("no number of answers finds a difference of 0")
    return gap**2


def _ceiling(n: float) -> int:
    # 384.00000000000006 answers are 384.
    return max(1, ceil(n - 1e-9))
