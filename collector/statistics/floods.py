"""An answer flood: are there more answers on a day than the days before explain? One look a day, whatever comes in it.

What is usual on a weekday is read from the days before: their mean, drawn to that weekday's own as far as it is known,
and how much days vary beyond chance (a negative binomial variance, mean + k mean², by moments). The day is judged by
the negative binomial that holds both this and what is not known of the mean. The number of a day only grows, so its
last value decides, and however often it is looked at there is one chance of a false alarm a day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, lgamma, log, sqrt
from statistics import fmean

LEAST_DAYS = 28
"""Days that it takes to know what is usual."""
OWN_WEIGHT = 2.0
"""A weekday's own mean counts as so many days of the overall one less."""
FACTOR, LEAST_MORE = 2.0, 10
"""A flood is twice as many as usual at least, and ten more."""
DAYS_A_YEAR = 365.25
NO_LONGER = 0.1
"""One-sided p from which a day is as usual again."""


@dataclass(frozen=True)
class Usual:
    """Answers to be expected on a day, and their variance."""

    mean: float
    variance: float

    def p(self, n: int) -> float:
        """How likely chance makes it so many or more."""
        return tail(n, self.mean, self.variance)


def usual(days: Sequence[int | None]) -> Usual | None:
    """What is usual on the day after these days, the oldest first; None where too little is known.

    A day that is None says nothing of what is usual, and keeps its place.
    """
    known = [(place % 7, n) for place, n in enumerate(days) if n is not None]
    if len(known) < LEAST_DAYS:
        return None
    overall = fmean(n for _place, n in known)
    by_weekday = [[n for place, n in known if place == each] for each in range(7)]
    means = [(sum(own) + OWN_WEIGHT * overall) / (len(own) + OWN_WEIGHT) for own in by_weekday]
    today = len(days) % 7
    mean = max(means[today], 0.5)
    once = mean + _beyond_chance([(n, means[place]) for place, n in known]) * mean**2
    return Usual(mean, once * (1 + 1 / (OWN_WEIGHT + len(by_weekday[today]))))


def _beyond_chance(days: Sequence[tuple[int, float]]) -> float:
    """k: how much days vary beyond chance, with what few days may well hide of it.

    That is three standard errors of it, and one of what chance alone gives.
    """
    excess = sum((n - mean) ** 2 for n, mean in days) * len(days) / (len(days) - 7)
    chance, squares = sum(n for n, _mean in days), sum(mean**2 for _n, mean in days)
    if not squares:
        return 0.0
    spread = sqrt(2 / len(days))
    return max(0.0, (excess - chance) / squares) * (1 + 3 * spread) + spread * chance / squares


def is_flood(n: int, usual: Usual, alarms_per_year: float) -> bool:
    """Whether so many on a day are told, at so many false alarms a year."""
    enough = n >= FACTOR * usual.mean and n >= usual.mean + LEAST_MORE
    return enough and usual.p(n) <= alarms_per_year / DAYS_A_YEAR


def most(usual: Usual, alarms_per_year: float) -> int:
    """The most answers of a day that are not told."""
    low, high = int(usual.mean), int(FACTOR * usual.mean) + LEAST_MORE + 1
    while not is_flood(high, usual, alarms_per_year):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if is_flood(middle, usual, alarms_per_year) else (middle, high)
    return low


def tail(n: int, mean: float, variance: float) -> float:
    """P(X >= n) of the negative binomial with this mean and a larger variance."""
    if n <= mean:
        return 1.0
    size, q = mean**2 / (variance - mean), 1 - mean / variance
    term = exp(lgamma(n + size) - lgamma(n + 1) - lgamma(size) + n * log(q) + size * log(1 - q))
    whole, at = 0.0, n
    while term > 1e-12 * whole and term > 1e-300:
        whole += term
        term *= q * (at + size) / (at + 1)
        at += 1
    return min(1.0, whole)
