"""Figures: what stands beside each number, in the units people read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.kpis import scores
from collector.kpis.metrics import METRICS, Metric
from collector.statistics.cells import mean, merged, total, variance, within

EACH = pytest.mark.parametrize("metric", METRICS.values(), ids=METRICS.keys())
counts = st.integers(min_value=0, max_value=5000)


def test_the_nps_counts_detractors_passives_and_promoters() -> None:
    figure = scores.figure(METRICS["nps"], {0: 1, 6: 1, 7: 1, 8: 1, 9: 1, 10: 5})
    assert figure.n == 10
    assert figure.value == pytest.approx(40)
    assert figure.mean == pytest.approx(8)
    assert figure.share == pytest.approx(60)
    assert figure.counts == {0: 1, 1: 0, 2: 0, 3: 0, 4: 0, 5: 0, 6: 1, 7: 1, 8: 1, 9: 1, 10: 5}


def test_csat_is_the_share_of_the_satisfied_and_keeps_the_mean() -> None:
    figure = scores.figure(METRICS["csat"], {5: 3, 4: 3, 3: 2, 1: 2})
    assert figure.value == pytest.approx(60)
    assert figure.mean == pytest.approx(3.5)


def test_ces_is_a_mean_and_keeps_the_share_who_found_it_easy() -> None:
    figure = scores.figure(METRICS["ces"], {7: 40, 6: 20, 5: 10, 2: 30})
    assert figure.value == figure.mean == pytest.approx(5.1)
    assert figure.share == pytest.approx(70)
    assert figure.share_low == pytest.approx(60.42, abs=0.01)


def test_half_a_goal_is_no_goal() -> None:
    reached = scores.GOAL_SCORES
    figure = scores.figure(METRICS["goal"], {reached["yes"]: 5, reached["partly"]: 4, reached["no"]: 1})
    assert figure.value == pytest.approx(50)
    assert figure.mean is None


def test_thumbs_are_the_share_up() -> None:
    assert scores.figure(METRICS["helpful"], {1: 3, 0: 1}).value == pytest.approx(75)


def test_emotion_goes_below_zero() -> None:
    figure = scores.figure(METRICS["emotion"], {-2: 30, -1: 10})
    assert figure.value == pytest.approx(-1.75)
    assert figure.high is not None
    assert figure.high < -1.4


@EACH
def test_no_data_is_none_and_never_zero(metric: Metric) -> None:
    figure = scores.figure(metric, {})
    assert figure.n == 0
    assert figure.low_base
    assert (figure.value, figure.low, figure.high, figure.mean, figure.share) == (None,) * 5


@EACH
def test_one_answer_gives_a_figure_with_a_wide_interval(metric: Metric) -> None:
    figure = scores.figure(metric, {metric.highest: 1})
    assert figure.n == 1
    assert figure.value == figure.high == metric.range[1]
    assert figure.low is not None
    assert figure.low < metric.range[0] + 0.8 * (metric.range[1] - metric.range[0])


def test_the_low_base_badge_ends_at_thirty() -> None:
    assert scores.figure(METRICS["helpful"], {1: 29}).low_base
    assert not scores.figure(METRICS["helpful"], {1: 30}).low_base


def test_four_answers_are_withheld_with_their_number() -> None:
    figure = scores.guarded(METRICS["nps"], {9: 4})
    assert figure.hidden
    assert (figure.n, figure.value, figure.counts) == (None, None, {})
    assert not scores.guarded(METRICS["nps"], {9: 5}).hidden
    assert not scores.guarded(METRICS["nps"], {}).hidden


@pytest.mark.parametrize(
    ("key", "score"), [("nps", 11), ("csat", 0), ("ces", 8), ("helpful", 2), ("emotion", 3)]
)
def test_a_score_off_the_scale_is_refused(key: str, score: int) -> None:
    with pytest.raises(ValueError, match=f"{key} has no score {score}"):
        scores.figure(METRICS[key], {score: 1})


@EACH
@given(data=st.data())
def test_every_figure_lies_between_its_limits_and_in_its_range(metric: Metric, data: st.DataObject) -> None:
    scale = st.integers(metric.lowest, metric.highest)
    cells = data.draw(st.dictionaries(scale, counts, min_size=1).filter(lambda cells: any(cells.values())))
    figure = scores.figure(metric, cells)
    assert figure.value is not None
    assert figure.low is not None
    assert figure.high is not None
    lowest, highest = metric.range
    assert lowest - 1e-9 <= figure.low <= figure.value + 1e-9
    assert figure.value - 1e-9 <= figure.high <= highest + 1e-9
    assert sum(figure.counts.values()) == figure.n


@EACH
def test_the_registry_tells_all_that_the_definition_page_shows(metric: Metric) -> None:
    texts = (metric.name, metric.formula, metric.unit, metric.scale, metric.direction, metric.reading)
    assert all(texts)
    assert metric.source
    assert metric.lowest <= metric.bottom[0] <= metric.bottom[-1] < metric.top[0]
    assert metric.top[-1] == metric.highest


def test_the_registry_holds_the_metrics_of_the_api() -> None:
    assert {"nps", "csat", "ces", "helpful", "goal"} <= set(METRICS)
    assert all(key == metric.key for key, metric in METRICS.items())


def test_cells_add_up_score_by_score() -> None:
    assert merged([{1: 2, 5: 1}, {}, {5: 4}]) == {1: 2, 5: 5}
    assert merged([]) == {}


def test_cells_know_their_total_mean_variance_and_bands() -> None:
    cells = {0: 1, 10: 3}
    assert total(cells) == 4
    assert mean(cells) == 7.5
    assert variance(cells) == pytest.approx(18.75)
    assert within(cells, range(9, 11)) == 3
    assert mean({}) is None
    assert variance({4: 0}) is None
