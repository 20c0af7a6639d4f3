"""Readings: figures assembled from tallies, without a word about where the tallies came from."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from collector.dashboard import readings
from collector.dashboard.common_scale import NET, expected_points, net_cells
from collector.dashboard.period import Period
from collector.dashboard.readings import Tally
from collector.dashboard.sources import leading_series
from collector.kpis.metrics import METRICS
from collector.kpis.scores import figure

PERIOD = Period(date(2026, 10, 1), date(2026, 10, 14))
metrics = st.sampled_from(sorted(METRICS.values(), key=lambda metric: metric.key))


def tally(
    score: int, n: int, ago: int = 0, metric: str = "nps", place: str = "shop", series: int = 1
) -> Tally:
    return Tally(place, metric, PERIOD.last - timedelta(days=ago), score, n, uuid.UUID(int=series))


def test_a_reading_holds_the_figure_and_the_value_of_the_period_before() -> None:
    said = readings.by_touchpoint(
        [tally(10, 60), tally(3, 40), tally(10, 50, ago=14), tally(0, 50, ago=15)], PERIOD
    )
    assert (said["shop"].figure.value, said["shop"].figure.n) == (20, 100)
    assert (said["shop"].before, said["shop"].change) == (0, 20)


def test_the_metric_with_most_answers_leads() -> None:
    said = readings.by_touchpoint([tally(10, 3), tally(5, 9, metric="csat")], PERIOD)
    assert said["shop"].metric.key == "csat"


def test_a_place_without_answers_in_the_period_has_no_reading() -> None:
    assert readings.by_touchpoint([tally(10, 3, ago=20)], PERIOD) == {}


def test_days_without_answers_are_gaps_in_the_trend() -> None:
    trend = readings.by_touchpoint([tally(10, 3), tally(10, 3, ago=13)], PERIOD)["shop"].trend
    assert None in readings.by_touchpoint([tally(10, 3)], PERIOD)["shop"].trend
    assert [value for value in trend if value is not None] == [100, 100]


def test_the_response_rate_counts_all_who_were_asked() -> None:
    said = readings.by_touchpoint([tally(10, 5)], PERIOD, {"shop": readings.Funnel(20, 8, 5)})
    assert said["shop"].response_rate == 0.25
    assert readings.by_touchpoint([tally(10, 5)], PERIOD)["shop"].response_rate is None


def test_the_old_question_leads_until_the_new_one_has_thirty_answers() -> None:
    old, new = uuid.UUID(int=1), uuid.UUID(int=2)
    few = [tally(10, 148, ago=5), tally(0, 29, series=2)]
    assert {each.series for each in leading_series(few, {old: new})} == {old}
    enough = [*few, tally(0, 1, series=2)]
    assert {each.series for each in leading_series(enough, {old: new})} == {new}


def test_of_questions_side_by_side_the_one_with_most_answers_leads() -> None:
    both = [tally(10, 90), tally(0, 100, series=2)]
    assert {each.series for each in leading_series(both, {})} == {uuid.UUID(int=2)}


@given(metrics, st.data())
def test_the_quick_value_is_the_value_of_the_figure(metric: object, data: st.DataObject) -> None:
    chosen = METRICS[metric.key]  # type: ignore[attr-defined]
    scores = st.dictionaries(st.integers(chosen.lowest, chosen.highest), st.integers(0, 500))
    cells = data.draw(scores)
    assert readings.value_of(chosen, cells) == figure(chosen, cells).value


@given(st.dictionaries(st.integers(0, 10), st.integers(0, 500)))
def test_the_common_scale_equals_the_nps_where_the_nps_was_asked(cells: dict[int, int]) -> None:
    nps, net = figure(METRICS["nps"], cells), figure(NET, net_cells(METRICS["nps"], cells))
    assert (nps.value, nps.low, nps.high) == (net.value, net.low, net.high)


def test_expectations_stand_on_the_same_scale() -> None:
    assert [expected_points(value) for value in (-2, 0, 1, None)] == [-100, 0, 50, None]
