"""Families of comparisons: what may be stated after looking at many differences at once.

A page compares dozens of pairs. Its statements hold together: where nothing differs, any statement at all is
made in at most 5 % of cases, however many pairs there are. The 5 % are shared out over the kinds of comparison
that the page shows, and within a kind evenly. Each pair gets the interval of its difference (the arms of both
sides' intervals squared and added, Zou & Donner 2008: exact ones for shares, score intervals for means) at the
level that Sidak's inequality asks for; it holds whatever the correlation of the pairs (Sidak 1967, JASA 62:626).
A side with under 100 answers asks for more: it hides most true differences, so what chance puts up would weigh
too much among the few that are stated. A difference is stated where its interval leaves out 0.
docs/reference/statistics.md says why not otherwise, with the error rates as simulated.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import hypot, sqrt
from typing import Generic, Literal, TypeVar

from collector.statistics import selection
from collector.statistics.cells import Cells, total
from collector.statistics.distributions import z_quantile
from collector.statistics.intervals import LEVEL, Interval, clopper_pearson, difference, mean_score, wilson

Kind = Literal["handover", "touchpoint", "period", "channel", "segment"]
Key = TypeVar("Key")

LEAST = 30
"""Answers that both sides need."""
AMPLE = 100
"""Answers from which a side needs no more certainty than any other."""
ALARM = 3.0
"""Standard errors from which an alarm over time may be expected."""
WEIGHTS: Mapping[Kind, float] = {"handover": 8, "touchpoint": 4, "period": 2, "channel": 1, "segment": 1}
"""The parts of the 5 %: most to what leads a page. What a page has no pairs of leaves its part to the others."""


@dataclass(frozen=True)
class Group:
    """One side: its answers as counts of whole numbers between two bounds, whose mean times the unit is the figure.

    A share counts 0 and 1, a net share -1, 0 and 1 (unit 100), a mean the scores themselves (unit 1).
    """

    counts: tuple[tuple[int, int], ...]
    lowest: int
    highest: int
    unit: float = 1

    @classmethod
    def of(cls, cells: Cells, lowest: int, highest: int, unit: float = 1) -> "Group":
        """Make a group of cells."""
        return cls(tuple(sorted((score, n) for score, n in cells.items() if n)), lowest, highest, unit)

    @property
    def n(self) -> int:
        return total(dict(self.counts))

    @property
    def is_share(self) -> bool:
        return (self.lowest, self.highest) == (0, 1)

    @property
    def hits(self) -> int:
        return dict(self.counts).get(1, 0)

    @property
    def mean(self) -> float:
        return sum(score * n for score, n in self.counts) / self.n

    def interval(self, level: float) -> Interval:
        """Return the score interval of the mean."""
        if self.is_share:
            return wilson(self.hits, self.n, level)
        return mean_score(dict(self.counts), self.lowest, self.highest, level)

    def cautious(self, level: float) -> Interval:
        """Return the interval for levels far above 95 %, where a score interval of a lopsided share is too short."""
        return clopper_pearson(self.hits, self.n, level) if self.is_share else self.interval(level)


@dataclass(frozen=True)
class Pair(Generic[Key]):
    """A difference to look at, of minus against; the key is the caller's."""

    key: Key
    of: Group
    against: Group

    @property
    def n(self) -> tuple[int, int]:
        return self.of.n, self.against.n


@dataclass(frozen=True)
class Compared:
    """How many pairs of a kind were compared, and the fewest answers that a side had."""

    kind: Kind
    comparisons: int
    n_least: int


@dataclass(frozen=True)
class Finding(Generic[Key]):
    """A difference that is stated: as estimated, shrunken for having been picked, and the interval to state."""

    kind: Kind
    key: Key
    n: tuple[int, int]
    estimate: float
    shrunken: float
    low: float
    high: float


@dataclass(frozen=True)
class Judgement(Generic[Key]):
    """All that a page may state, largest size first within a kind, and what it was looked for among."""

    compared: tuple[Compared, ...]
    findings: tuple[Finding[Key], ...]
    levels: Mapping[Kind, float]


def judge(families: Mapping[Kind, Sequence[Pair[Key]]], level: float = LEVEL) -> Judgement[Key]:
    """Compare every pair with at least 30 answers on both sides, all of them together at the level."""
    enough = {
        kind: [pair for pair in families[kind] if min(pair.n) >= LEAST]
        for kind in WEIGHTS
        if kind in families
    }
    looked = {kind: pairs for kind, pairs in enough.items() if pairs}
    each = levels({kind: len(pairs) for kind, pairs in looked.items()}, level)
    found = [_findings(kind, pairs, each[kind]) for kind, pairs in looked.items()]
    return Judgement(
        tuple(_compared(kind, pairs) for kind, pairs in looked.items()),
        tuple(finding for of_kind in found for finding in of_kind),
        each,
    )


def levels(sizes: Mapping[Kind, int], level: float = LEVEL) -> dict[Kind, float]:
    """Return the level of each pair by kind; their product over all pairs is the level of the whole."""
    whole = sum(WEIGHTS[kind] for kind, size in sizes.items() if size)
    return {kind: level ** (WEIGHTS[kind] / (whole * size)) for kind, size in sizes.items() if size}


def _compared(kind: Kind, pairs: Sequence[Pair[Key]]) -> Compared:
    return Compared(kind, len(pairs), min(min(pair.n) for pair in pairs))


def _findings(kind: Kind, pairs: Iterable[Pair[Key]], level: float) -> list[Finding[Key]]:
    found = [finding for pair in pairs if (finding := _finding(kind, pair, level)) is not None]
    return sorted(found, key=lambda finding: -abs(finding.shrunken))


def _finding(kind: Kind, pair: Pair[Key], level: float) -> Finding[Key] | None:
    if not _worth_solving(pair, level):
        return None
    bounds = simultaneous(pair, level)
    if bounds.low <= 0 <= bounds.high:
        return None
    gap = pair.of.mean - pair.against.mean
    size, bounds = stated(gap, bounds, asked(level, pair))
    unit = pair.of.unit
    return Finding(kind, pair.key, pair.n, gap * unit, size * unit, bounds.low * unit, bounds.high * unit)


def simultaneous(pair: Pair[Key], level: float) -> Interval:
    """Return the interval of a pair's difference, of minus against, in the units of the counts.

    ``level`` is that of the pair's kind; a pair with few answers gets its own, higher one.
    """
    of, against, level = pair.of, pair.against, asked(level, pair)
    return difference(of.mean, of.cautious(level), against.mean, against.cautious(level))


def asked(level: float, pair: Pair[Key]) -> float:
    """Return the level of a pair: with n answers on its smaller side, under 100, chance is allowed (n / 100)² of its part."""
    return 1 - (1 - level) * min(1.0, min(pair.n) / AMPLE) ** 2


def stated(gap: float, bounds: Interval, level: float) -> tuple[float, Interval]:
    """Return the size and the interval to state for a gap whose simultaneous interval leaves out 0.

    The arm towards 0 tells the standard error there. The bound near 0 gives way to the one that allows for the
    selection where that lies nearer to 0, never beyond: the direction is what was found.
    """
    if gap < 0:
        size, turned = stated(-gap, Interval(-bounds.high, -bounds.low), level)
        return -size, Interval(-turned.high, -turned.low)
    threshold = z_quantile(level)
    error = (gap - bounds.low) / threshold
    estimate = round(gap / error, 6)
    near = min(bounds.low, error * selection.least_truth(estimate, threshold))
    return min(gap, error * selection.shrunken(estimate, threshold)), Interval(near, bounds.high)


def shown_most(pair: Pair[Key], level: float = LEVEL) -> tuple[float, Interval]:
    """Return the size and the interval to state for a fall that an alarm found, its first answer chosen where it shows most.

    An alarm comes at about three and a half standard errors, whatever the truth: the size allows for having been picked
    from three on, and the bound near 0 gives way as that of any other statement.
    """
    return picked(pair.of.mean - pair.against.mean, simultaneous(pair, level), asked(level, pair))


def picked(gap: float, bounds: Interval, level: float = LEVEL) -> tuple[float, Interval]:
    """Return the same of any fall, given as it was seen with its interval at the level."""
    error = (bounds.high - gap) / z_quantile(level)
    seen = round(max(-gap, 0.0) / error, 6)
    near = -error * selection.least_truth(seen, ALARM)
    return max(gap, -error * selection.shrunken(seen, ALARM)), Interval(bounds.low, max(bounds.high, near))


def _worth_solving(pair: Pair[Key], level: float) -> bool:
    """Say whether the difference reaches half of what it must: the exact interval takes a while to solve."""
    (of, of_error), (against, against_error) = adjusted(pair.of), adjusted(pair.against)
    return abs(of - against) > hypot(of_error, against_error) * z_quantile(asked(level, pair)) / 2


@lru_cache(maxsize=50_000)
def adjusted(group: Group) -> tuple[float, float]:
    """Return mean and standard error after adding an answer at each end and in the middle of the scale."""
    n, middle = group.n + 3, (group.lowest + group.highest) / 2
    centre = (group.mean * group.n + 3 * middle) / n
    squares = sum(count * (score - centre) ** 2 for score, count in group.counts)
    squares += sum((score - centre) ** 2 for score in (group.lowest, middle, group.highest))
    return centre, sqrt(squares) / n
