"""Quantiles and tails that the standard library lacks: Student's t, chi-square and beta, beside its own normal."""

from functools import lru_cache
from math import atan, exp, fsum, lgamma, log, log1p, pi, sqrt
from statistics import NormalDist

NORMAL = NormalDist()
EXACT_DF = 200
TINY = 1e-300


def z_quantile(level: float) -> float:
    """Return z with P(|Z| <= z) = level, 1.959964 for 0.95; ValueError unless 0 < level < 1."""
    if not 0 < level < 1:
        raise ValueError("a confidence level lies between 0 and 1")
    return NORMAL.inv_cdf((1 + level) / 2)


def two_sided_p(z: float) -> float:
    """Return P(|Z| >= |z|) of the standard normal."""
    return 2 * NORMAL.cdf(-abs(z))


def t_central(t: float, df: int) -> float:
    """Return P(|T| <= t) for t >= 0 and whole df by the finite sums of Abramowitz & Stegun 26.7.3 and 26.7.4.

    Written in cos² = df / (df + t²) and sin = t / sqrt(df + t²), so that only the odd case needs an angle.
    """
    cos2 = df / (df + t * t)
    sin = t / sqrt(df + t * t)
    odd = df % 2
    term, terms = 1.0, []
    for k in range(1 + odd, df, 2):
        terms.append(term)
        term *= cos2 * k / (k + 1)
    if not odd:
        return sin * fsum(terms)
    return 2 / pi * (atan(t / sqrt(df)) + sin * sqrt(cos2) * fsum(terms))


@lru_cache(maxsize=1024)
def t_quantile(level: float, df: int) -> float:
    """Return t with P(|T| <= t) = level for whole df >= 1.

    Up to 200 degrees of freedom by bisection on the exact distribution, beyond by the Cornish-Fisher
    expansion (Abramowitz & Stegun 26.7.5), there exact to better than 1e-9.
    """
    if df < 1:
        raise ValueError("Student's t needs at least one degree of freedom")
    z = z_quantile(level)
    return _expanded_t(z, df) if df > EXACT_DF else _bisected_t(level, df, z)


def _bisected_t(level: float, df: int, z: float) -> float:
    low, high = z, 2 * z
    while t_central(high, df) < level:
        high *= 2
    while high - low > 1e-12 * high:
        middle = (low + high) / 2
        low, high = (middle, high) if t_central(middle, df) < level else (low, middle)
    return (low + high) / 2


def _expanded_t(z: float, df: int) -> float:
    s = z * z
    terms = (
        (s + 1) / 4,
        ((5 * s + 16) * s + 3) / 96,
        (((3 * s + 19) * s + 17) * s - 15) / 384,
        ((((79 * s + 776) * s + 1482) * s - 1920) * s - 945) / 92160,
    )
    return z * (1 + sum(term / float(df) ** power for power, term in enumerate(terms, start=1)))


def chi_square_tail(statistic: float, df: int) -> float:
    """Return P(X >= statistic) of chi-square, the upper regularised incomplete gamma Q(df / 2, statistic / 2)."""
    if df < 1:
        raise ValueError("chi-square needs at least one degree of freedom")
    if statistic <= 0:
        return 1.0
    a, x = df / 2, statistic / 2
    return 1 - _lower_gamma(a, x) if x < a + 1 else _upper_gamma(a, x)


def _lower_gamma(a: float, x: float) -> float:
    """Sum the series of P(a, x), quick for x < a + 1 (Abramowitz & Stegun 6.5.29)."""
    term = whole = 1 / a
    step = a
    while term > 1e-16 * whole:
        step += 1
        term *= x / step
        whole += term
    return whole * exp(a * log(x) - x - lgamma(a))


def _upper_gamma(a: float, x: float) -> float:
    """Unroll the continued fraction of Q(a, x), quick for x >= a + 1 (A&S 6.5.31, modified Lentz)."""
    b = x + 1 - a
    c, d = 1 / TINY, 1 / b
    fraction = d
    for k in range(1, 10_000):
        numerator = -k * (k - a)
        b += 2
        d = 1 / (numerator * d + b or TINY)
        c = numerator / c + b or TINY
        fraction *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return fraction * exp(a * log(x) - x - lgamma(a))


def beta_cdf(x: float, a: float, b: float) -> float:
    """Return P(X <= x) of the beta distribution, the regularised incomplete beta I_x(a, b), for a, b > 0."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    front = exp(a * log(x) + b * log1p(-x) + lgamma(a + b) - lgamma(a) - lgamma(b))
    if x < (a + 1) / (a + b + 2):
        return front * _beta_fraction(x, a, b) / a
    return 1 - front * _beta_fraction(1 - x, b, a) / b


def _beta_fraction(x: float, a: float, b: float) -> float:
    """Unroll the continued fraction of I_x(a, b), quick for x < (a + 1) / (a + b + 2) (DLMF 8.17.22, modified Lentz)."""
    c, d = 1.0, 1 / (1 - (a + b) * x / (a + 1) or TINY)
    fraction = d
    for k in range(1, 10_000):
        even = k * (b - k) * x / ((a + 2 * k - 1) * (a + 2 * k))
        odd = -(a + k) * (a + b + k) * x / ((a + 2 * k) * (a + 2 * k + 1))
        for numerator in (even, odd):
            d = 1 / (1 + numerator * d or TINY)
            c = 1 + numerator / c or TINY
            fraction *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return fraction
