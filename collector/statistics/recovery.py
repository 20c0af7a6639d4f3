"""Recovery: has a figure risen since something was done about it, for certain and however often one looks?

The days before are weighed so that their weekdays are made up like those of the days after (post-stratification; the
effective n is Kish's). It is looked at when 30 answers have come since, then 60, 120 and so on, and the 5 % are spent
over these looks, half of what is left on each (Bonferroni): the first certain answer may be taken at its word. Where
nothing is certain, the answers that it takes to find the wanted gap in four cases of five say whether to wait; where no
number would do, because too few came before, that is said.

Days before that were picked because they looked bad would rise by themselves (regression to the mean). Where no others
will do, the interval's lower end is lowered by as much as their evidence was shrunken for having been picked: of 300
touchpoints whose fall was stated and which stayed as they were, 1 to 2 in 100 are then called recovered, as with days
that were not picked; where there never was a fall, 4 to 10 in 100 of the few that are stated, in place of 20 to 48.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from collector.statistics.cells import merged
from collector.statistics.distributions import NORMAL, z_quantile
from collector.statistics.families import LEAST, Group
from collector.statistics.intervals import LEVEL, Interval, difference
from collector.statistics.sample_size import POWER

Verdict = Literal["recovered", "worse", "unchanged", "watching", "too_few"]
ByWeekday = Mapping[int, Group]
"""Weekday, 0 is Monday -> what was said on such days."""


@dataclass(frozen=True)
class Change:
    """After minus before, in the figure's unit; ``more``: about how many answers are missing to tell.

    0 where there are enough, None where no number would do: too few came before.
    """

    n: tuple[int, int]
    estimate: float
    low: float
    high: float
    more: int | None

    @property
    def verdict(self) -> Verdict:
        if self.low > 0:
            return "recovered"
        if self.high < 0:
            return "worse"
        if self.more is None:
            return "too_few"
        return "watching" if self.more else "unchanged"


def look(n: int) -> int | None:
    """Which look so many answers allow: 0 from 30, 1 from 60, 2 from 120; None before there are 30."""
    return (n // LEAST).bit_length() - 1 if n >= LEAST else None


def level(number: int) -> float:
    """The level of one look's interval, so that all of them together hold in 95 % of cases."""
    return 1 - (1 - LEVEL) / 2.0 ** (number + 1)


def can_find(before: ByWeekday, gap: float) -> bool:
    """Whether so many answers before are enough to find a gap of this size, if enough follow."""
    said = _together([group for group in before.values() if group.n]) if before else None
    return said is not None and said.n >= LEAST and _wanted(said, said.n, gap / said.unit, level(0)) > 0


def compare(before: ByWeekday, after: ByWeekday, gap: float, luck: float = 0.0) -> Change | None:
    """Compare the answers since with those before, to find a gap of this size; None under 30 comparable ones on a side.

    ``luck``: by how much the days before look worse than they were, because they were picked; the lower end allows for it.
    The level is that of the look which all answers since allow, also of weekdays that cannot be compared: none is spent twice.
    """
    days = [day for day, group in after.items() if group.n and day in before and before[day].n]
    if not days:
        return None
    since = _together([after[day] for day in days])
    weights = {day: after[day].n / since.n for day in days}
    effective = 1 / sum(weights[day] ** 2 / before[day].n for day in days)
    number, n_before = look(sum(group.n for group in after.values())), sum(before[day].n for day in days)
    if number is None or since.n < LEAST or n_before < LEAST or effective < LEAST / 2:
        return None
    at = level(number)
    mean, bounds = _weighed({day: before[day] for day in days}, weights, effective, at)
    found = difference(since.mean, since.interval(at), mean, bounds)
    unit = since.unit
    more = _missing(since, effective, gap / unit, at)
    low, high = found.low * unit - luck, found.high * unit
    return Change((n_before, since.n), (since.mean - mean) * unit, low, high, more)


def _weighed(
    before: ByWeekday, weights: Mapping[int, float], effective: float, at: float
) -> tuple[float, Interval]:
    """The mean of days weighed by weekday, and its interval with the effective n."""
    mean = sum(weights[day] * before[day].mean for day in weights)
    shares: dict[int, float] = {}
    for day, group in before.items():
        for score, count in group.counts:
            shares[score] = shares.get(score, 0.0) + weights[day] * count / group.n
    any_day = next(iter(before.values()))
    cells = {score: round(share * effective) for score, share in shares.items()}
    like = Group.of(cells, any_day.lowest, any_day.highest)
    bounds, shift = like.interval(at), mean - like.mean
    return mean, Interval(bounds.low + shift, bounds.high + shift)


def _together(groups: list[Group]) -> Group:
    first = groups[0]
    return Group.of(merged(dict(each.counts) for each in groups), first.lowest, first.highest, first.unit)


def _missing(since: Group, n_before: float, gap: float, at: float) -> int | None:
    """How many more answers it takes to find the gap, 0 where there are enough; None where no number would do."""
    wanted = _wanted(since, n_before, gap, at)
    if wanted <= 0:
        return None
    return max(0, round(_variance(since) / wanted) - since.n)


def _wanted(said: Group, n_before: float, gap: float, at: float) -> float:
    """The variance that the mean of the answers since may have, so that the gap is found; none is left under 0."""
    return (gap / (z_quantile(at) + NORMAL.inv_cdf(POWER))) ** 2 - _variance(said) / n_before


def _variance(said: Group) -> float:
    middle = sum(score * count for score, count in said.counts) / said.n
    return sum(count * (score - middle) ** 2 for score, count in said.counts) / said.n
