"""What was stated because it stood out looks larger than it is: sizes and bounds that allow for that.

A statement is made only when an estimate lies more than c standard errors from 0, so what is stated is a draw
from a distribution that lacks its middle. Read under that condition (Zhong & Prentice 2008, Biostatistics
9:621; Ghosh, Zou & Wright 2008, Am. J. Hum. Genet. 82:1064), an estimate just beyond c speaks for a smaller
truth, and one far beyond c for itself. All sizes are in standard errors, turned to be positive.
"""

from functools import lru_cache
from math import exp
from statistics import NormalDist

NORMAL = NormalDist()
TAIL = 0.025
STEP = 0.05
REACH = 8.0


def stated(truth: float, threshold: float) -> float:
    """Return the probability that a truth of this size leads to a statement, in either direction."""
    return NORMAL.cdf(truth - threshold) + NORMAL.cdf(-truth - threshold)


@lru_cache(maxsize=4096)
def shrunken(estimate: float, threshold: float) -> float:
    """Return the mean of the conditional likelihood over truths of the stated direction (Ghosh et al., estimator 2).

    It lies between 0 and the estimate, and comes up to it as the estimate leaves the threshold behind.
    """
    last = int((estimate + REACH) / STEP)
    truths = [STEP * (place + 0.5) for place in range(last)]
    weights = [exp(-((estimate - truth) ** 2) / 2) / stated(truth, threshold) for truth in truths]
    return min(
        estimate, sum(truth * weight for truth, weight in zip(truths, weights, strict=True)) / sum(weights)
    )


@lru_cache(maxsize=4096)
def least_truth(estimate: float, threshold: float) -> float:
    """Return the smallest truth of the stated direction under which so large an estimate is not too rare.

    Too rare is a chance under 2.5 % among the statements such a truth leads to: the equal-tailed bound of Zhong &
    Prentice (shorter ones: Weinstein, Fithian & Benjamini 2013, JASA 108:165). 0 where even no difference at all would do: then only the direction is known.
    """
    low, high = 0.0, estimate
    if _as_large(low, estimate, threshold) >= TAIL:
        return 0.0
    while high - low > 1e-9:
        middle = (low + high) / 2
        low, high = (middle, high) if _as_large(middle, estimate, threshold) < TAIL else (low, middle)
    return low


def _as_large(truth: float, estimate: float, threshold: float) -> float:
    return NORMAL.cdf(truth - estimate) / stated(truth, threshold)
