"""Comparisons: do two groups, k groups or an assignment differ by more than chance? p values are two-sided."""

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import comb, sqrt
from typing import TypeVar

from collector.statistics.cells import Cells, total
from collector.statistics.distributions import chi_square_tail, two_sided_p
from collector.statistics.intervals import LEVEL, Interval, difference, newcombe, nps_score

Key = TypeVar("Key", bound=Hashable)
Bands = tuple[int, int, int]
"""Detractors, passives, promoters."""

SMALL_EXPECTED = 5
EXACT_PAIRS = 100
SRM_ALARM = 0.001


@dataclass(frozen=True)
class Comparison:
    """The difference a - b of two net shares or shares, -1..1, its interval, and the test that it is 0."""

    difference: float
    interval: Interval
    z: float
    p: float


@dataclass(frozen=True)
class RankTest:
    """A Mann-Whitney test: U of the first group, P(a > b) + P(a = b) / 2 (0..1), and whether p is exact."""

    u: float
    superiority: float
    p: float
    exact: bool


@dataclass(frozen=True)
class ChiSquare:
    """A chi-square test; where the smallest expected count is under 5, take its p with caution."""

    statistic: float
    df: int
    p: float
    smallest_expected: float


def compare_nps(a: Bands, b: Bands, level: float = LEVEL) -> Comparison:
    """Compare two independent NPS, as net shares -1..1.

    The interval squares and adds the arms of both score intervals. z is taken on counts with 3/4, 3/2, 3/4
    added, which keeps it honest for small groups and alters nothing for large ones.
    """
    score_a, score_b = nps_score(*a, level), nps_score(*b, level)
    net_a, net_b = _net(*a), _net(*b)
    bounds = difference(net_a, score_a, net_b, score_b)
    (mean_a, error_a), (mean_b, error_b) = _adjusted(a), _adjusted(b)
    z = (mean_a - mean_b) / sqrt(error_a + error_b)
    return Comparison(net_a - net_b, bounds, z, two_sided_p(z))


def _net(detractors: float, passives: float, promoters: float) -> float:
    return (promoters - detractors) / (detractors + passives + promoters)


def _adjusted(bands: Bands) -> tuple[float, float]:
    """Return the net share and its squared standard error after adding 3/4, 3/2 and 3/4 answers."""
    detractors, passives, promoters = bands[0] + 0.75, bands[1] + 1.5, bands[2] + 0.75
    n, net = detractors + passives + promoters, _net(detractors, passives, promoters)
    return net, ((detractors + promoters) / n - net**2) / n


def compare_shares(hits_a: int, n_a: int, hits_b: int, n_b: int, level: float = LEVEL) -> Comparison:
    """Compare two independent shares, 0..1: Newcombe's interval, and the z test with pooled variance.

    With an expected count under 5 in the two-by-two table p is Fisher's exact one.
    """
    bounds = newcombe(hits_a, n_a, hits_b, n_b, level)
    gap, hits, n = hits_a / n_a - hits_b / n_b, hits_a + hits_b, n_a + n_b
    pooled = hits / n
    z = gap / sqrt(pooled * (1 - pooled) * (1 / n_a + 1 / n_b)) if 0 < hits < n else 0.0
    small = min(hits, n - hits) * min(n_a, n_b) / n < SMALL_EXPECTED
    p = fisher_exact(hits_a, n_a, hits_b, n_b) if small else two_sided_p(z)
    return Comparison(gap, bounds, z, p)


def fisher_exact(hits_a: int, n_a: int, hits_b: int, n_b: int) -> float:
    """Return Fisher's two-sided p: the tables with these margins that are no likelier than the one seen."""
    hits = hits_a + hits_b
    ways = [comb(n_a, k) * comb(n_b, hits - k) for k in range(max(0, hits - n_b), min(n_a, hits) + 1)]
    seen = comb(n_a, hits_a) * comb(n_b, hits_b)
    return sum(way for way in ways if way <= seen) / sum(ways)


def mann_whitney(a: Cells, b: Cells) -> RankTest:
    """Compare the scores of two independent groups by rank, ties counted half; ValueError for an empty group.

    Exact (over all ways to deal the tied scores out) up to 100 pairs, else normal with the correction for
    ties and for continuity.
    """
    n_a, n_b = total(a), total(b)
    if not n_a or not n_b:
        raise ValueError("a rank test needs answers in both groups")
    scores = sorted(set(a) | set(b))
    counts_a, counts_b = [a.get(score, 0) for score in scores], [b.get(score, 0) for score in scores]
    below = [0, *accumulate(counts_b)]
    u = sum(count * (below[i] + counts_b[i] / 2) for i, count in enumerate(counts_a))
    ties = [x + y for x, y in zip(counts_a, counts_b, strict=True)]
    exact = n_a * n_b <= EXACT_PAIRS
    p = _exact_rank_p(u, ties, min(n_a, n_b)) if exact else _normal_rank_p(u, ties, n_a, n_b)
    return RankTest(u, u / (n_a * n_b), p, exact)


def _normal_rank_p(u: float, ties: Sequence[int], n_a: int, n_b: int) -> float:
    n = n_a + n_b
    spread = n_a * n_b / 12 * (n + 1 - sum(t**3 - t for t in ties) / (n * (n - 1)))
    gap = max(0.0, abs(u - n_a * n_b / 2) - 0.5)
    return two_sided_p(gap / sqrt(spread)) if spread > 0 else 1.0


def _exact_rank_p(u: float, ties: Sequence[int], n_a: int) -> float:
    """Return the share of all deals of the tied scores whose U lies at least as far from its mean.

    Both groups give the same distance, so the smaller one is dealt.
    """
    deals: dict[tuple[int, int], int] = {(0, 0): 1}
    seen = 0
    for tied in ties:
        dealt: dict[tuple[int, int], int] = defaultdict(int)
        for (used, twice_u), ways in deals.items():
            for more in range(min(tied, n_a - used) + 1):
                twice = twice_u + more * (2 * (seen - used) + tied - more)
                dealt[used + more, twice] += ways * comb(tied, more)
        deals, seen = dealt, seen + tied
    whole = {twice: ways for (used, twice), ways in deals.items() if used == n_a}
    pairs = n_a * (seen - n_a)
    far = sum(ways for twice, ways in whole.items() if abs(twice - pairs) >= abs(2 * u - pairs))
    return far / sum(whole.values())


def homogeneity(table: Sequence[Sequence[int]]) -> ChiSquare | None:
    """Test by chi-square whether all rows (groups) spread alike over the columns (answers).

    Empty rows and columns are left out; None if fewer than two of either remain.
    """
    rows = [row for row in table if sum(row)]
    columns = [column for column in zip(*rows, strict=True) if sum(column)]
    if len(rows) < 2 or len(columns) < 2:
        return None
    n, row_sums = sum(map(sum, columns)), [sum(row) for row in rows]
    pairs = [
        (seen, row_sum * sum(column) / n)
        for column in columns
        for seen, row_sum in zip(column, row_sums, strict=True)
    ]
    return _chi_square(pairs, (len(rows) - 1) * (len(columns) - 1))


def _chi_square(pairs: Sequence[tuple[int, float]], df: int) -> ChiSquare:
    statistic = sum((seen - expected) ** 2 / expected for seen, expected in pairs)
    return ChiSquare(statistic, df, chi_square_tail(statistic, df), min(expected for _, expected in pairs))


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """Return the p values adjusted for many tests, in their order (Benjamini & Hochberg 1995).

    Those at or under q are discoveries of which at most the share q is false, on average.
    """
    m = len(p_values)
    adjusted, least = [0.0] * m, 1.0
    for rank, place in reversed(list(enumerate(sorted(range(m), key=p_values.__getitem__), start=1))):
        least = min(least, p_values[place] * (m / rank))
        adjusted[place] = least
    return adjusted


def inconsistencies(tables: Mapping[Key, Sequence[Sequence[int]]]) -> dict[Key, float]:
    """Test in many places (touchpoints) at once whether groups (channels) answer alike.

    Returns the adjusted p per place that could be tested; those at or under 0.05 differ.
    """
    tests = {key: test for key, table in tables.items() if (test := homogeneity(table)) is not None}
    return dict(zip(tests, benjamini_hochberg([test.p for test in tests.values()]), strict=True))


def sample_ratio_mismatch(assigned: Sequence[int], shares: Sequence[float] | None = None) -> ChiSquare:
    """Test by chi-square whether an experiment's arms got the people they were meant to; equal shares if not said.

    Alarm at p < SRM_ALARM (0.001), and show no result while it alarms.
    """
    n, parts = sum(assigned), shares or [1.0] * len(assigned)
    if n == 0 or len(assigned) < 2 or min(parts) <= 0:
        raise ValueError("a sample ratio needs two arms with a share each, and people in them")
    expected = [n * part / sum(parts) for part in parts]
    return _chi_square(list(zip(assigned, expected, strict=True)), len(assigned) - 1)
