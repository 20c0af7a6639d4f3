"""Weeks against weeks: a figure that drifts down slowly, and a handover that has worsened. One look a week each.

What falls by little and little, or from happy to indifferent, is no matter of unhappy answers: the weeks' means go through
an exponentially weighted average (see ``control_charts.ewma_chart``), from what was usual in the weeks before. A
handover is the difference of two touchpoints, asked of different customers, so their variances add up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from collector.statistics.distributions import NORMAL

LEAST = 30
"""Answers on every side."""
LEAST_USUAL = 50
"""Answers that say what is usual before a drift."""
FEW_MORE = 3
"""Answers at the lowest score that may have been missed by chance."""
WEIGHT = 0.3
RECENT, KEPT = 8, 26
"""Weeks that a drift is looked for in, and all that are kept."""
HANDED, HANDED_BEFORE = 4, 12
"""Weeks of a handover, and those before."""
A_YEAR = 365.25 / 7
NO_LONGER = 0.2
"""One-sided p from which a figure counts as before again."""


@dataclass(frozen=True)
class Moments:
    """Answers as whole numbers: how many, their sum, and that of their squares."""

    n: int = 0
    sum: int = 0
    squares: int = 0
    cubes: int = 0

    @classmethod
    def of(cls, counts: Mapping[int, int]) -> "Moments":
        """Those of counts by value."""
        return cls(
            sum(counts.values()),
            sum(value * n for value, n in counts.items()),
            sum(value**2 * n for value, n in counts.items()),
            sum(value**3 * n for value, n in counts.items()),
        )

    def and_all(self, other: "Moments") -> "Moments":
        return Moments(
            self.n + other.n, self.sum + other.sum, self.squares + other.squares, self.cubes + other.cubes
        )

    @property
    def mean(self) -> float:
        return self.sum / self.n if self.n else 0.0

    @property
    def variance(self) -> float:
        """With one answer more, a unit off: few answers alike do not mean that all are."""
        return (self.squares - self.n * self.mean**2 + 1) / max(1, self.n)

    @property
    def third(self) -> float:
        """The third central moment: below 0 where few are far lower than most."""
        mean = self.mean
        return (self.cubes - 3 * mean * self.squares) / max(1, self.n) + 2 * mean**3


@dataclass(frozen=True)
class Look:
    """How many standard errors a figure lies from what was usual, and how skewed chance makes that."""

    z: float
    skew: float = 0.0


def together(weeks: Sequence[Moments]) -> Moments:
    """All answers of some weeks."""
    whole = Moments()
    for week in weeks:
        whole = whole.and_all(week)
    return whole


def drift(before: Sequence[Moments], recent: Sequence[Moments], lowest: int) -> Look | None:
    """The weighted average against the weeks before, negative where it is lower; None where too few answered.

    Its spread and skew are taken as if a few more had been at the lowest score before: where nearly all are happy, the
    few who are not come by chance, and must not look like a drift.
    """
    usual, now = together(before), together(recent)
    if usual.n < LEAST_USUAL or now.n < LEAST:
        return None
    spread = usual.and_all(Moments.of({lowest: FEW_MORE}))
    average, variance, third, weight = 0.0, 0.0, 0.0, 0.0
    for week in recent:
        if week.n:
            average += WEIGHT * (week.mean - usual.mean - average)
            variance = WEIGHT**2 * spread.variance / week.n + (1 - WEIGHT) ** 2 * variance
            third = WEIGHT**3 * spread.third / week.n**2 + (1 - WEIGHT) ** 3 * third
            weight += WEIGHT * (1 - weight)
    whole = variance + weight**2 * spread.variance / usual.n
    return Look(average / sqrt(whole), third / whole**1.5)


def handover(sides: Sequence[Moments]) -> Look | None:
    """A handover's change against that of before: of the second and first touchpoint now, then before."""
    if min(side.n for side in sides) < LEAST:
        return None
    second, first, second_before, first_before = (side.mean for side in sides)
    change = (second - first) - (second_before - first_before)
    whole = sum(side.variance / side.n for side in sides)
    third = sum(sign * side.third / side.n**2 for sign, side in zip((1, -1, -1, 1), sides, strict=True))
    return Look(change / sqrt(whole), third / whole**1.5)


def is_told(look: Look | None, alarms_per_year: float) -> bool:
    """Whether a look says that it is lower, at so many false alarms a year of one look a week.

    The limit goes out by Cornish and Fisher's expansion as far as chance is skewed towards lower figures.
    """
    if look is None:
        return False
    limit = -NORMAL.inv_cdf(min(0.5, alarms_per_year / A_YEAR))
    return look.z <= -(limit + max(0.0, -look.skew) / 6 * (limit**2 - 1))


def is_over(look: Look) -> bool:
    """Whether nothing speaks for its being lower any more."""
    return NORMAL.cdf(look.z) > NO_LONGER
