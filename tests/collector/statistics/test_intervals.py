"""Intervals stay on their scale, hold their point, and behave alike however the scale is turned."""

from math import sqrt

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from collector.statistics import intervals
from collector.statistics.cells import mean
from collector.statistics.distributions import z_quantile

counts = st.integers(min_value=0, max_value=2000)
nps_bands = st.tuples(counts, counts, counts).filter(any)
seven_points = st.dictionaries(st.integers(1, 7), counts, min_size=1).filter(
    lambda cells: any(cells.values())
)
SLACK = 1e-9


def test_ten_promoters_of_ten_do_not_prove_a_hundred() -> None:
    assert intervals.nps_wald(0, 0, 10) == intervals.Interval(1, 1)
    assert intervals.nps_score(0, 0, 10).low < 0.5
    assert intervals.nps_score(0, 0, 10).high == 1


def test_one_answer_has_a_wide_interval() -> None:
    assert intervals.nps_score(0, 0, 1).low < -0.5
    assert intervals.wilson(1, 1).low == pytest.approx(0.2065, abs=1e-4)
    assert intervals.mean_score({7: 1}, 1, 7).low < 3


def test_answers_that_all_agree_leave_room_below_and_above() -> None:
    bounds = intervals.mean_score({4: 10}, 1, 7)
    assert bounds.low < 3.2
    assert bounds.high > 4.8


def test_student_gives_agreeing_answers_no_room_at_all() -> None:
    assert intervals.mean_t({4: 10}) == intervals.Interval(4, 4)


def test_students_interval_of_a_known_sample() -> None:
    # 1, 2, 3, 4, 5: mean 3, s = 1.5811, t(4) = 2.7764.
    bounds = intervals.mean_t({1: 1, 2: 1, 3: 1, 4: 1, 5: 1})
    assert bounds.high - 3 == pytest.approx(2.7764 * sqrt(2.5 / 5), abs=1e-4)


def test_no_data_has_no_interval() -> None:
    with pytest.raises(ValueError, match="n > 0"):
        intervals.wilson(0, 0)
    with pytest.raises(ValueError, match="answers"):
        intervals.nps_score(0, 0, 0)
    with pytest.raises(ValueError, match="answers"):
        intervals.nps_wald(0, 0, 0)
    with pytest.raises(ValueError, match="two answers"):
        intervals.mean_t({4: 1})


def test_impossible_counts_are_refused() -> None:
    with pytest.raises(ValueError, match="hits"):
        intervals.wilson(6, 5)
    with pytest.raises(ValueError, match="on the scale"):
        intervals.mean_score({8: 3}, 1, 7)
    with pytest.raises(ValueError, match="fewer than 0"):
        intervals.mean_score({3: -1, 4: 2}, 1, 7)


def test_a_level_of_all_or_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        intervals.wilson(1, 2, level=1)


def tango_deviation(detractors: int, passives: int, promoters: int, net: float) -> float:
    """How many standard errors a net share lies off, by Tango's closed form for three cells."""
    n = detractors + passives + promoters
    a, b = 2 * n, -detractors - promoters + (2 * n - promoters + detractors) * net
    c = -detractors * net * (1 - net)
    q = (sqrt(max(0.0, b * b - 4 * a * c)) - b) / (2 * a)
    return abs(promoters - detractors - n * net) / sqrt(n * (2 * q + net * (1 - net)))


@given(nps_bands)
def test_both_ends_of_the_nps_interval_solve_tangos_equation(bands: tuple[int, int, int]) -> None:
    bounds = intervals.nps_score(*bands)
    for end in (bounds.low, bounds.high):
        if abs(end) < 1:
            assert tango_deviation(*bands, end) == pytest.approx(z_quantile(0.95), rel=1e-5)


@given(st.integers(0, 10**7), st.integers(0, 10**7))
def test_the_score_interval_of_two_cells_is_wilsons(misses: int, hits: int) -> None:
    assume(misses + hits > 0)
    bounds, wilson = intervals.mean_score({0: misses, 1: hits}, 0, 1), intervals.wilson(hits, misses + hits)
    assert (bounds.low, bounds.high) == pytest.approx((wilson.low, wilson.high), abs=1e-10)


@given(nps_bands)
def test_nps_intervals_stay_on_the_scale_around_their_point(bands: tuple[int, int, int]) -> None:
    bounds = intervals.nps_score(*bands)
    net = (bands[2] - bands[0]) / sum(bands)
    assert -1 <= bounds.low <= net + SLACK
    assert net - SLACK <= bounds.high <= 1
    assert bounds.high > bounds.low


@given(seven_points)
def test_mean_intervals_stay_on_the_scale_around_their_point(cells: dict[int, int]) -> None:
    bounds, average = intervals.mean_score(cells, 1, 7), mean(cells)
    assert average is not None
    assert 1 <= bounds.low <= average + SLACK
    assert average - SLACK <= bounds.high <= 7
    assert bounds.high > bounds.low


@given(seven_points)
def test_turning_the_scale_round_turns_the_interval_round(cells: dict[int, int]) -> None:
    bounds = intervals.mean_score(cells, 1, 7)
    turned = intervals.mean_score({8 - score: n for score, n in cells.items()}, 1, 7)
    assert (turned.low, turned.high) == pytest.approx((8 - bounds.high, 8 - bounds.low), abs=1e-9)


@given(seven_points, st.integers(-50, 50), st.integers(1, 9))
def test_moving_and_stretching_the_scale_moves_and_stretches_the_interval(
    cells: dict[int, int], shift: int, factor: int
) -> None:
    bounds = intervals.mean_score(cells, 1, 7)
    moved = {score * factor + shift: n for score, n in cells.items()}
    found = intervals.mean_score(moved, factor + shift, 7 * factor + shift)
    expected = (bounds.low * factor + shift, bounds.high * factor + shift)
    assert (found.low, found.high) == pytest.approx(expected, abs=1e-7)


@given(nps_bands, st.integers(2, 20))
def test_more_of_the_same_answers_narrow_the_interval(bands: tuple[int, int, int], times: int) -> None:
    bounds = intervals.nps_score(*bands)
    more = intervals.nps_score(bands[0] * times, bands[1] * times, bands[2] * times)
    assert more.high - more.low < bounds.high - bounds.low
    assert bounds.low - SLACK <= more.low
    assert more.high <= bounds.high + SLACK


@given(nps_bands)
def test_a_promoter_more_never_lowers_either_end(bands: tuple[int, int, int]) -> None:
    before = intervals.nps_score(*bands)
    after = intervals.nps_score(bands[0], bands[1], bands[2] + 1)
    assert after.low >= before.low - SLACK
    assert after.high >= before.high - SLACK


@given(seven_points, st.floats(0.5, 0.94))
def test_less_certainty_asks_for_a_narrower_interval(cells: dict[int, int], level: float) -> None:
    wide, narrow = intervals.mean_score(cells, 1, 7), intervals.mean_score(cells, 1, 7, level)
    assert wide.low <= narrow.low + SLACK
    assert narrow.high <= wide.high + SLACK


@given(st.lists(counts, min_size=2, max_size=8).filter(any))
def test_simultaneous_intervals_are_wider_than_single_ones(many: list[int]) -> None:
    for count, bounds in zip(many, intervals.goodman(many), strict=True):
        single = intervals.wilson(count, sum(many))
        assert bounds.low <= single.low + SLACK
        assert single.high <= bounds.high + SLACK


@given(nps_bands, nps_bands)
def test_swapping_two_groups_swaps_the_difference(a: tuple[int, int, int], b: tuple[int, int, int]) -> None:
    net_a, net_b = (a[2] - a[0]) / sum(a), (b[2] - b[0]) / sum(b)
    score_a, score_b = intervals.nps_score(*a), intervals.nps_score(*b)
    one = intervals.difference(net_a, score_a, net_b, score_b)
    other = intervals.difference(net_b, score_b, net_a, score_a)
    assert (one.low, one.high) == pytest.approx((-other.high, -other.low))
    assert -2 <= one.low <= one.high <= 2


def test_intervals_overlap_where_they_touch() -> None:
    assert intervals.Interval(0, 1).overlaps(intervals.Interval(1, 2))
    assert not intervals.Interval(0, 1).overlaps(intervals.Interval(1.1, 2))
