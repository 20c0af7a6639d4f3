"""What 95 % means: how often each interval holds the truth, by adding up every possible sample of n answers."""

from collections.abc import Callable, Iterator
from math import comb, factorial, prod

import pytest

from collector.statistics import comparisons, intervals

NpsInterval = Callable[[int, int, int], intervals.Interval]
Shares = tuple[float, ...]


def samples(n: int, cells: int) -> Iterator[tuple[int, ...]]:
    """Every way in which n answers fall into so many cells."""
    if cells == 1:
        yield (n,)
        return
    for first in range(n + 1):
        for rest in samples(n - first, cells - 1):
            yield (first, *rest)


def probability(sample: tuple[int, ...], shares: Shares) -> float:
    ways = factorial(sum(sample)) / prod(map(factorial, sample))
    return ways * prod(share**count for share, count in zip(shares, sample, strict=True))


def nps_cover(interval: NpsInterval, n: int, shares: Shares) -> float:
    truth = shares[2] - shares[0]
    held = 0.0
    for sample in samples(n, 3):
        bounds = interval(sample[0], sample[1], sample[2])
        if bounds.low - 1e-9 <= truth <= bounds.high + 1e-9:
            held += probability(sample, shares)
    return held


THIRDS = (1 / 3, 1 / 3, 1 / 3)
TABLE: list[tuple[int, Shares, float, float, float]] = [
    (5, (0.03, 0.12, 0.85), 0.552, 0.924, 0.968),
    (10, (0.03, 0.12, 0.85), 0.793, 0.949, 0.965),
    (10, (1 / 12, 1 / 12, 5 / 6), 0.830, 0.947, 0.968),
    (10, (0.15, 0.35, 0.50), 0.894, 0.958, 0.959),
    (10, THIRDS, 0.909, 0.961, 0.956),
    (10, (0.5, 0.0, 0.5), 0.891, 0.891, 0.979),
    (30, (0.15, 0.35, 0.50), 0.936, 0.949, 0.949),
]


@pytest.mark.parametrize(("n", "shares", "wald", "adjusted", "score"), TABLE)
def test_nps_intervals_cover_as_tabled(
    n: int, shares: Shares, wald: float, adjusted: float, score: float
) -> None:
    assert nps_cover(intervals.nps_wald, n, shares) == pytest.approx(wald, abs=0.0011)
    assert nps_cover(intervals.nps_adjusted_wald, n, shares) == pytest.approx(adjusted, abs=0.0011)
    assert nps_cover(intervals.nps_score, n, shares) == pytest.approx(score, abs=0.0011)


@pytest.mark.parametrize(
    ("shares", "tabled"),
    [
        ((0.03, 0.12, 0.85), (0.968, 0.965, 0.963)),
        ((0.15, 0.35, 0.50), (0.961, 0.959, 0.949)),
        (THIRDS, (0.951, 0.956, 0.947)),
        ((0.5, 0.0, 0.5), (0.938, 0.979, 0.957)),
    ],
)
def test_the_table_of_the_reference_is_exact_for_the_nps(shares: Shares, tabled: Shares) -> None:
    found = [nps_cover(intervals.nps_score, n, shares) for n in (5, 10, 30)]
    assert found == pytest.approx(tabled, abs=0.0006)


@pytest.mark.parametrize(
    ("share", "tabled"),
    [
        (0.5, (0.938, 0.979, 0.957, 0.943)),
        (0.8, (0.942, 0.967, 0.964, 0.941)),
        (0.95, (0.977, 0.914, 0.939, 0.966)),
    ],
)
def test_the_table_of_the_reference_is_exact_for_a_share(share: float, tabled: Shares) -> None:
    for n, expected in zip((5, 10, 30, 100), tabled, strict=True):
        held = sum(
            comb(n, hits) * share**hits * (1 - share) ** (n - hits)
            for hits in range(n + 1)
            if (bounds := intervals.wilson(hits, n)).low - 1e-9 <= share <= bounds.high + 1e-9
        )
        assert held == pytest.approx(expected, abs=0.0006)


SKEWED = (0.01, 0.01, 0.01, 0.02, 0.05, 0.10, 0.80)
EVEN = (1 / 7,) * 7
TWO_CAMPS = (0.30, 0.05, 0.05, 0.05, 0.05, 0.10, 0.40)


def mean_cover(interval: Callable[[dict[int, int]], intervals.Interval], n: int, shares: Shares) -> float:
    truth = sum(score * share for score, share in enumerate(shares, start=1))
    held = 0.0
    for sample in samples(n, len(shares)):
        bounds = interval(dict(enumerate(sample, start=1)))
        held += probability(sample, shares) * (bounds.low - 1e-9 <= truth <= bounds.high + 1e-9)
    return held


@pytest.mark.parametrize(
    ("shares", "score", "student"), [(SKEWED, 0.951, 0.672), (EVEN, 0.993, 0.936), (TWO_CAMPS, 0.965, 0.913)]
)
def test_the_score_interval_of_a_mean_holds_its_level_where_students_does_not(
    shares: Shares, score: float, student: float
) -> None:
    found = mean_cover(lambda cells: intervals.mean_score(cells, 1, 7), 5, shares)
    assert found == pytest.approx(score, abs=0.0011)
    assert mean_cover(intervals.mean_t, 5, shares) == pytest.approx(student, abs=0.0011)


@pytest.mark.parametrize("shares", [(0.15, 0.35, 0.50), (0.03, 0.12, 0.85), THIRDS])
def test_comparing_two_equal_nps_errs_in_about_five_of_a_hundred(shares: Shares) -> None:
    by_test = by_interval = 0.0
    for a in samples(6, 3):
        for b in samples(6, 3):
            both = probability(a, shares) * probability(b, shares)
            found = comparisons.compare_nps((a[0], a[1], a[2]), (b[0], b[1], b[2]))
            by_test += both * (found.p < 0.05)
            by_interval += both * (not found.interval.low <= 0 <= found.interval.high)
    assert by_test < 0.05
    assert by_interval < 0.05
