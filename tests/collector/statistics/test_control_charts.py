"""Control charts: signals where something happened, gaps where nobody answered, silence otherwise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.statistics import control_charts

periods = st.lists(
    st.tuples(st.integers(0, 100), st.integers(0, 100), st.integers(0, 100)), min_size=1, max_size=20
).filter(lambda many: any(map(any, many)))


def test_limits_follow_the_answers_of_each_period() -> None:
    chart = control_charts.p_chart([10, 100, 1], [100, 1000, 10])
    widths = [
        point.high - point.low for point in chart.points if point.high is not None and point.low is not None
    ]
    assert widths[1] < widths[0] < widths[2]
    assert chart.signals == ()


def test_a_period_without_answers_is_a_gap_and_no_signal() -> None:
    chart = control_charts.p_chart([10, 0, 12], [100, 0, 100])
    assert chart.points[1] == control_charts.Point(None, None, None, signal=False)
    assert len(chart.points) == 3
    assert control_charts.laney_chart([10, 0, 12], [100, 0, 100]).points[1].value is None
    assert control_charts.nps_chart([(1, 2, 3), (0, 0, 0)]).points[1].value is None
    assert control_charts.ewma_chart([1.0, None], 0, [1, 1]).points[1].value is None


def test_a_series_may_be_judged_by_an_earlier_one() -> None:
    assert control_charts.p_chart([30, 31], [100, 100]).signals == ()
    assert control_charts.p_chart([30, 31], [100, 100], centre=0.1).signals == (0, 1)


def test_laneys_chart_stays_calm_where_large_periods_vary() -> None:
    hits, sizes = [1000, 1200, 950, 1250, 1000, 1150, 900, 1210], [10_000] * 8
    assert len(control_charts.p_chart(hits, sizes).signals) > 3
    chart = control_charts.laney_chart(hits, sizes)
    assert chart.inflation > 3
    assert chart.signals == ()


def test_the_nps_chart_signals_the_week_that_fell() -> None:
    weeks = [(20, 30, 50)] * 8 + [(50, 30, 20)]
    chart = control_charts.nps_chart(weeks)
    assert chart.signals == (8,)
    assert chart.points[8].value == pytest.approx(-0.3)


def test_an_nps_of_promoters_only_has_no_signal() -> None:
    assert control_charts.nps_chart([(0, 0, 7), (0, 0, 13)]).signals == ()
    assert control_charts.laney_chart([0, 0], [9, 9]).signals == ()


def test_ewma_limits_open_from_narrow_to_their_asymptote() -> None:
    chart = control_charts.ewma_chart([0.0] * 40, target=0, sigmas=[1.0] * 40, weight=0.2)
    highs = [point.high for point in chart.points if point.high is not None]
    assert highs == sorted(highs)
    assert highs[0] == pytest.approx(3 * 0.2)
    assert highs[-1] == pytest.approx(3 * (0.2 / 1.8) ** 0.5, abs=1e-4)


def test_ewma_notices_a_small_lasting_shift_that_a_three_sigma_limit_misses() -> None:
    values: list[float | None] = [0.0] * 10 + [1.2] * 10
    assert all(value is not None and abs(value) < 3 for value in values)
    signals = control_charts.ewma_chart(values, target=0, sigmas=[1.0] * 20, weight=0.2).signals
    assert signals
    assert signals[0] > 9


def test_cusum_adds_up_falls_as_well_as_rises() -> None:
    found = control_charts.cusum([-1.0] * 6, target=0, slack=0.5, decision=2)
    assert found.low == pytest.approx((0.5, 1.0, 1.5, 2.0, 2.5, 3.0))
    assert set(found.high) == {0.0}
    assert found.signals == (4, 5)


def test_a_row_of_detractors_alarms_once_and_starts_again() -> None:
    chart = control_charts.BernoulliCusum(p0=0.1, p1=0.3, threshold=3)
    assert chart.alarms([True] * 3) == (2,)
    assert chart.alarms([True] * 6) == (2, 5)
    assert chart.alarms([False] * 1000) == ()


def test_good_answers_never_save_up_credit() -> None:
    chart = control_charts.BernoulliCusum(p0=0.1, p1=0.3, threshold=3)
    assert chart.add(0.0, hit=False) == 0
    assert chart.alarms([False] * 500 + [True] * 3) == (502,)


@pytest.mark.parametrize(("p0", "p1"), [(0.3, 0.1), (0.2, 0.2), (0, 0.5), (0.5, 1)])
def test_shares_in_the_wrong_order_are_refused(p0: float, p1: float) -> None:
    with pytest.raises(ValueError, match="p0 < p1"):
        control_charts.BernoulliCusum(p0, p1, 3)


def test_a_chart_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="answers"):
        control_charts.p_chart([], [])
    with pytest.raises(ValueError, match="answers"):
        control_charts.nps_chart([(0, 0, 0)])


@given(periods)
def test_limits_hold_the_centre_and_stay_on_the_scale(many: list[tuple[int, int, int]]) -> None:
    chart = control_charts.nps_chart(many)
    for point in chart.points:
        if point.low is not None and point.high is not None:
            assert -1 <= point.low <= chart.centre + 1e-9
            assert chart.centre - 1e-9 <= point.high <= 1


@given(periods)
def test_turning_promoters_into_detractors_mirrors_the_chart(many: list[tuple[int, int, int]]) -> None:
    chart, turned = control_charts.nps_chart(many), control_charts.nps_chart([(p, n, d) for d, n, p in many])
    assert turned.centre == pytest.approx(-chart.centre)
    assert turned.signals == chart.signals
