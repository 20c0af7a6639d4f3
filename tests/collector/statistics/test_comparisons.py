"""Comparisons: tests that find what differs, and refuse to find what does not."""

from collections import Counter
from itertools import combinations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from collector.statistics import comparisons

bands = st.tuples(st.integers(0, 300), st.integers(0, 300), st.integers(0, 300)).filter(any)
cells = st.dictionaries(st.integers(0, 10), st.integers(0, 40), min_size=1).filter(lambda c: any(c.values()))
small_cells = st.dictionaries(st.integers(0, 4), st.integers(0, 2), min_size=1).filter(
    lambda c: any(c.values())
)
p_values = st.lists(st.floats(0, 1), max_size=12)


def test_a_clear_drop_of_the_nps_is_found() -> None:
    found = comparisons.compare_nps((60, 40, 100), (20, 40, 140))
    assert found.difference == pytest.approx(-0.4)
    assert found.interval.high < -0.2
    assert found.p < 0.001


def test_ten_promoters_against_ten_promoters_is_no_difference() -> None:
    found = comparisons.compare_nps((0, 0, 10), (0, 0, 10))
    assert found.difference == found.z == 0
    assert found.interval.low == -found.interval.high < -0.4
    assert found.p == 1


@given(bands, bands)
def test_swapping_two_nps_turns_only_the_sign(a: tuple[int, int, int], b: tuple[int, int, int]) -> None:
    one, other = comparisons.compare_nps(a, b), comparisons.compare_nps(b, a)
    assert one.z == pytest.approx(-other.z)
    assert one.p == pytest.approx(other.p)
    assert one.interval.low == pytest.approx(-other.interval.high)


def test_a_small_table_takes_fishers_exact_p() -> None:
    # scipy.stats.fisher_exact([[7, 27], [1, 33]])
    assert comparisons.compare_shares(7, 34, 1, 34).p == pytest.approx(0.054400130495065674)
    assert comparisons.fisher_exact(0, 5, 0, 7) == 1


def test_shares_that_are_all_or_nothing_do_not_divide_by_zero() -> None:
    found = comparisons.compare_shares(0, 50, 0, 60)
    assert (found.difference, found.z, found.p) == (0, 0, 1)


def test_a_group_without_answers_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="answers"):
        comparisons.compare_nps((0, 0, 0), (1, 2, 3))
    with pytest.raises(ValueError, match="n > 0"):
        comparisons.compare_shares(1, 2, 0, 0)
    with pytest.raises(ValueError, match="both groups"):
        comparisons.mann_whitney({1: 3}, {})


def test_mann_whitney_on_many_tied_scores() -> None:
    # scipy.stats.mannwhitneyu of the same answers, method="asymptotic"
    a, b = {0: 3, 6: 10, 8: 20, 10: 27}, {0: 9, 6: 14, 8: 21, 10: 16}
    found = comparisons.mann_whitney(a, b)
    assert not found.exact
    assert found.u == 2247.5
    assert found.p == pytest.approx(0.013663831714862905, rel=1e-9)
    assert found.superiority == pytest.approx(2247.5 / 3600)


def test_everyone_giving_the_same_score_is_no_difference() -> None:
    assert comparisons.mann_whitney({9: 50}, {9: 60}).p == 1
    assert comparisons.mann_whitney({9: 5}, {9: 6}).p == 1


@given(cells, cells)
def test_the_two_us_add_up_to_all_pairs(a: dict[int, int], b: dict[int, int]) -> None:
    one, other = comparisons.mann_whitney(a, b), comparisons.mann_whitney(b, a)
    assert one.u + other.u == sum(a.values()) * sum(b.values())
    assert one.p == pytest.approx(other.p)
    assert 0 <= one.p <= 1
    assert one.superiority == pytest.approx(1 - other.superiority)


@given(small_cells, small_cells)
def test_exact_p_is_the_share_of_relabellings_at_least_as_far(a: dict[int, int], b: dict[int, int]) -> None:
    pool = sorted([*Counter(a).elements(), *Counter(b).elements()])
    assume(len(pool) <= 9)
    n_a, n_b = sum(a.values()), sum(b.values())
    seen = abs(2 * comparisons.mann_whitney(a, b).u - n_a * n_b)
    far = deals = 0
    for chosen in combinations(range(len(pool)), n_a):
        ours = [pool[i] for i in chosen]
        theirs = [pool[i] for i in range(len(pool)) if i not in chosen]
        twice_u = sum(2 * (x > y) + (x == y) for x in ours for y in theirs)
        far += abs(twice_u - n_a * n_b) >= seen
        deals += 1
    assert comparisons.mann_whitney(a, b).p == pytest.approx(far / deals)


def test_too_little_to_compare_gives_no_chi_square() -> None:
    assert comparisons.homogeneity([[5, 5]]) is None
    assert comparisons.homogeneity([[5, 0], [9, 0]]) is None
    assert comparisons.homogeneity([[5, 5], [0, 0]]) is None


def test_a_thin_table_says_so() -> None:
    found = comparisons.homogeneity([[1, 9], [2, 8]])
    assert found is not None
    assert found.smallest_expected == pytest.approx(1.5)


def test_adjusted_p_values_of_a_worked_example() -> None:
    # scipy.stats.false_discovery_control
    found = comparisons.benjamini_hochberg([0.01, 0.04, 0.03, 0.005, 0.5])
    assert found == pytest.approx([0.025, 0.05, 0.05, 0.025, 0.5])


@given(p_values)
def test_adjusting_keeps_the_order_and_never_lowers(many: list[float]) -> None:
    found = comparisons.benjamini_hochberg(many)
    assert all(p <= adjusted <= 1 for p, adjusted in zip(many, found, strict=True))
    by_p = [adjusted for _, adjusted in sorted(zip(many, found, strict=True))]
    assert by_p == sorted(by_p)


def test_req_123_only_the_touchpoint_whose_channels_differ_is_named() -> None:
    alike = [[20, 30, 50], [22, 28, 50]]
    tables = {f"touchpoint-{i}": alike for i in range(9)} | {"delivery": [[20, 30, 50], [60, 30, 10]]}
    found = comparisons.inconsistencies({**tables, "one-channel": [[5, 5, 5]]})
    assert [key for key, p in found.items() if p <= 0.05] == ["delivery"]
    assert "one-channel" not in found


def test_req_081_an_assignment_of_600_to_400_alarms() -> None:
    found = comparisons.sample_ratio_mismatch([600, 400])
    assert found.statistic == pytest.approx(40)
    assert found.p < comparisons.SRM_ALARM


def test_an_even_assignment_does_not_alarm() -> None:
    assert comparisons.sample_ratio_mismatch([510, 490]).p > 0.5
    assert comparisons.sample_ratio_mismatch([700, 301], shares=[7, 3]).p > 0.9


def test_an_assignment_of_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="people"):
        comparisons.sample_ratio_mismatch([0, 0])
    with pytest.raises(ValueError, match="two arms"):
        comparisons.sample_ratio_mismatch([10])
