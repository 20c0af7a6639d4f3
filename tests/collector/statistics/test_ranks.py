"""Which of several counts is largest: said in at most one case of twenty where the first are equal."""

from __future__ import annotations

from itertools import product
from math import factorial

import pytest

from collector.statistics import largest
from collector.statistics.ranks import equal_shares


@pytest.mark.parametrize(
    ("first", "second", "p"),
    [(5, 0, 0.0625), (6, 0, 0.03125), (15, 5, 0.0414), (14, 6, 0.1153), (7, 7, 1.0), (300, 300, 1.0)],
)
def test_the_winner_is_held_against_the_runner_up_by_the_sign_test(first: int, second: int, p: float) -> None:
    """The values of any table of the sign test."""
    assert equal_shares(first, second) == equal_shares(second, first) == pytest.approx(p, abs=5e-5)
    assert largest([second, first, 0]) == (1 if p <= 0.05 else None)


def test_nothing_is_largest_of_nothing_or_of_equals() -> None:
    assert largest([]) is largest([0, 0]) is largest([40, 40, 3]) is None


@pytest.mark.parametrize("shares", [(1 / 3, 1 / 3, 1 / 3), (0.45, 0.45, 0.1), (0.5, 0.5, 0.0)])
def test_where_the_first_are_equal_one_is_named_in_at_most_one_case_of_twenty(
    shares: tuple[float, float, float],
) -> None:
    """Every possible sample of 40 customers, added up."""
    n, wrong = 40, 0.0
    for a, b in product(range(n + 1), repeat=2):
        if a + b <= n:
            counts = (a, b, n - a - b)
            ways = factorial(n) // (factorial(a) * factorial(b) * factorial(counts[2]))
            chance = ways * shares[0] ** a * shares[1] ** b * shares[2] ** counts[2]
            wrong += chance if largest(counts) is not None else 0.0
    assert wrong <= 0.05
