"""Always-valid inference: intervals and p values that hold however often, and whenever, somebody looks.

A fixed-n interval that is looked at after every few answers errs several times as often as it says. These hold at all
times together: with probability 1 - alpha the truth never leaves them. One share: Robbins' (1970) confidence sequence,
its likelihood ratio mixed over a uniform prior, exact at any n. Differences and means: the mixture sequential
probability ratio test (Johari, Pekelis & Walsh 2015) with a normal prior of the spread tau around "no difference",
with errors estimated from the answers; asymptotic, hence not before ``LEAST`` answers on each side.
"""

from collections.abc import Callable
from math import exp, inf, lgamma, log, sqrt

from collector.statistics.intervals import LEVEL, Interval

LEAST = 30
"""Answers on each side before an estimated error is trusted."""


def share(hits: int, n: int, level: float = LEVEL) -> Interval:
    """Return the confidence sequence of a share, 0..1, at n answers: all p whose evidence against them is under 1 / alpha."""
    limit, middle = -log(1 - level), hits / n if n else 0.5
    low = _edge(lambda p: share_evidence(hits, n, p) - limit, 0.0, middle) if hits else 0.0
    high = _edge(lambda p: share_evidence(hits, n, p) - limit, 1.0, middle) if hits < n else 1.0
    return Interval(low, high)


def share_evidence(hits: int, n: int, p: float) -> float:
    """Return the log of the evidence against a share p: of B(k + 1, n - k + 1) / (p^k (1 - p)^(n - k))."""
    if (p <= 0 and hits) or (p >= 1 and hits < n):
        return inf
    mixed = lgamma(hits + 1) + lgamma(n - hits + 1) - lgamma(n + 2)
    return mixed - (hits * log(p) if hits else 0.0) - ((n - hits) * log(1 - p) if hits < n else 0.0)


def share_p(hits: int, n: int, p: float) -> float:
    """Return the always-valid p value of a share p."""
    return _p(share_evidence(hits, n, p))


def difference(gap: float, error: float, tau: float, level: float = LEVEL) -> Interval:
    """Return the confidence sequence of a difference (or a mean) estimated as gap with a standard error.

    Half its width is sqrt(v (v + tau²) / tau² (2 log(1 / alpha) + log((v + tau²) / v))), v the error squared.
    """
    v, spread = error**2, tau**2
    half = sqrt(v * (v + spread) / spread * (log((v + spread) / v) - 2 * log(1 - level)))
    return Interval(gap - half, gap + half)


def evidence(gap: float, error: float, tau: float) -> float:
    """Return the log of the mSPRT's likelihood ratio against "no difference".

    sqrt(V / (V + n tau²)) exp(n² tau² d² / (2 V (V + n tau²))), with v = V / n: sqrt(v / (v + tau²)) exp(d² tau² / (2 v (v + tau²))).
    """
    v, spread = error**2, tau**2
    return gap**2 * spread / (2 * v * (v + spread)) - log((v + spread) / v) / 2


def p_value(gap: float, error: float, tau: float) -> float:
    """Return the always-valid p value of "no difference": one over the evidence against it, at most 1."""
    return _p(evidence(gap, error, tau))


def _p(against: float) -> float:
    return min(1.0, exp(-against)) if against < inf else 0.0


def _edge(over: Callable[[float], float], outer: float, inner: float) -> float:
    """Find by bisection where a function that is positive at outer and negative at inner changes sign."""
    for _ in range(60):
        middle = (outer + inner) / 2
        if over(middle) > 0:
            outer = middle
        else:
            inner = middle
    return (outer + inner) / 2
