"""Drivers: association by rank, and R² shared out fairly."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.statistics import drivers
from collector.statistics.drivers import correlation, lmg, r_squared, ranks, spearman

scores = st.lists(st.tuples(st.integers(0, 10), st.integers(0, 10)), min_size=4, max_size=40)


def test_equal_values_share_the_mean_of_their_ranks() -> None:
    assert ranks([7, 9, 7, 1]) == [2.5, 4, 2.5, 1]


def test_spearman_with_ties() -> None:
    # scipy.stats.spearmanr
    found = spearman([(1, 2), (2, 1), (2, 5), (3, 4), (4, 4), (5, 9), (6, 7), (7, 9)])
    assert found.rho == pytest.approx(0.8121361275222276)
    assert found.interval is not None
    # tanh(atanh(rho) ± 1.959964 * sqrt((1 + rho² / 2) / 5))
    assert (found.interval.low, found.interval.high) == pytest.approx((0.12189, 0.97291), abs=1e-5)


def test_a_constant_side_has_no_correlation() -> None:
    assert spearman([(1, 5), (2, 5), (3, 5), (4, 5)]).rho is None
    assert spearman([]).rho is None
    assert correlation([(1, 2)]) is None


def test_a_perfect_or_a_tiny_sample_has_no_interval() -> None:
    assert spearman([(1, 1), (2, 2), (3, 3), (4, 4), (5, 5)]).interval is None
    assert spearman([(1, 1), (2, 3), (3, 2)]).interval is None


@given(scores)
def test_turning_one_scale_round_turns_the_sign(pairs: list[tuple[int, int]]) -> None:
    found, turned = spearman(pairs), spearman([(x, 10 - y) for x, y in pairs])
    if found.rho is None:
        assert turned.rho is None
    else:
        assert turned.rho == pytest.approx(-found.rho)
        assert -1 <= found.rho <= 1


@given(scores)
def test_stretching_a_scale_changes_no_rank_correlation(pairs: list[tuple[int, int]]) -> None:
    assert spearman([(x**3, y) for x, y in pairs]).rho == pytest.approx(spearman(pairs).rho)


def test_uncorrelated_predictors_keep_their_own_share() -> None:
    assert lmg([[1, 0], [0, 1]], [0.6, 0.3]) == pytest.approx([0.36, 0.09])


def test_twins_share_alike() -> None:
    found = lmg([[1, 1, 0], [1, 1, 0], [0, 0, 1]], [0.5, 0.5, 0.5])
    assert found == pytest.approx([0.125, 0.125, 0.25])


def test_shares_add_up_to_r_squared() -> None:
    between = [[1, 0.4, 0.2], [0.4, 1, 0.5], [0.2, 0.5, 1]]
    with_outcome = [0.5, 0.6, 0.3]
    assert sum(lmg(between, with_outcome)) == pytest.approx(r_squared(between, with_outcome, (0, 1, 2)))
    # Two predictors by the textbook: (r1² + r2² - 2 r1 r2 r12) / (1 - r12²).
    assert r_squared(between, with_outcome, (0, 1)) == pytest.approx((0.25 + 0.36 - 0.24) / (1 - 0.16))


def test_too_many_predictors_are_refused() -> None:
    with pytest.raises(ValueError, match="predictors"):
        lmg([[1.0] * 13] * 13, [0.1] * 13)
    with pytest.raises(ValueError, match="predictors"):
        lmg([[1.0]], [0.1, 0.2])


def test_importance_adds_up_to_r_squared_and_is_the_same_each_time() -> None:
    chance = Random(3)
    rows = [(a := chance.random(), b := chance.random(), a + b / 2 + chance.random()) for _ in range(120)]
    found = drivers.importance(rows)
    assert found is not None
    assert found == drivers.importance(rows)
    between = [[1.0, r := drivers.correlation([(a, b) for a, b, _ in rows]) or 0.0], [r, 1.0]]
    outcome = [drivers.correlation([(row[i], row[2]) for row in rows]) or 0.0 for i in (0, 1)]
    assert [each.explained for each in found] == pytest.approx(drivers.lmg(between, outcome))
    assert all(each.low <= each.explained <= each.high for each in found)


def test_the_interval_of_an_importance_holds_what_a_large_sample_shows() -> None:
    def drawn(n: int, chance: Random) -> list[tuple[float, ...]]:
        return [(a := chance.gauss(0, 1), chance.gauss(0, 1), a + chance.gauss(0, 1)) for _ in range(n)]

    held = 0
    for seed in range(12):
        found = drivers.importance(drawn(150, Random(seed)), resamples=60)
        assert found is not None
        held += found[0].low <= 0.5 <= found[0].high
    assert held >= 10


def test_a_column_that_never_changes_explains_nothing() -> None:
    assert drivers.importance([(1.0, float(i), float(i)) for i in range(10)]) is None
