"""Drawings: well-formed, honest about gaps, the same data whichever way the writing runs."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.dashboard import charts
from collector.dashboard.charts import CurveStep, Scale, TrendPoint

SVG = "{http://www.w3.org/2000/svg}"
NPS = Scale(-100, 100)
values = st.lists(st.none() | st.floats(-100, 100, allow_nan=False), min_size=1, max_size=20)


def parse(markup: str) -> ElementTree.Element:
    return ElementTree.fromstring(str(markup))


def paths(markup: str, kind: str) -> list[str]:
    return [each.attrib["d"] for each in parse(markup).iter(f"{SVG}path") if each.attrib["class"] == kind]


def step(value: float | None, expected: float | None = None) -> CurveStep:
    if value is None:
        return CurveStep("nothing", expected=expected)
    return CurveStep("said", value, value - 5, value + 5, expected, shown=f"{value:g}")


def test_a_sparkline_draws_one_line_and_marks_the_newest_value() -> None:
    drawn = charts.sparkline([10, 20, 30], NPS, "Trend")
    assert len(paths(drawn, "line")) == 1
    assert [each.attrib["class"] for each in parse(drawn).iter(f"{SVG}circle")] == ["dot"]


def test_req_062_an_unmeasured_step_leaves_a_gap_and_never_a_zero() -> None:
    drawn = charts.emotion_curve([step(40), step(50), step(None), step(-20), step(-30)], "Curve", ("+", "-"))
    assert [line.count("L") for line in paths(drawn, "line")] == [1, 1]
    assert len(list(parse(drawn).iter(f"{SVG}circle"))) == 4
    assert len(paths(drawn, "band")) == 2


def test_the_expected_curve_stands_apart_from_the_measured_one() -> None:
    drawn = charts.emotion_curve([step(40, 50), step(None, 50), step(-20, 0)], "Curve", ("+", "-"))
    assert paths(drawn, "line") == []
    assert [line.count("L") for line in paths(drawn, "expected")] == [2]


def test_the_worst_handover_is_a_line_of_its_own() -> None:
    drawn = charts.emotion_curve([step(40), step(-20)], "Curve", ("+", "-"), drops=[(0, 1)])
    assert paths(drawn, "drop") == paths(drawn, "line")


def test_a_trend_never_crosses_a_break_of_the_series() -> None:
    points = [TrendPoint(str(i), i * 10.0, i * 10.0 - 3, i * 10.0 + 3) for i in range(6)]
    drawn = charts.trend(
        points, Scale(0, 60), [(0, "0"), (50, "50")], "Trend", [charts.SeriesBreak(3, "changed")]
    )
    assert [line.count("L") for line in paths(drawn, "line")] == [2, 2]
    assert "changed" in str(drawn)


def test_a_distribution_writes_each_share_over_its_column() -> None:
    bars = [charts.Bar("0", 0.25, "25", "bottom"), charts.Bar("1", 0.75, "75", "top")]
    drawn = charts.distribution(bars, "Distribution")
    heights = [float(each.attrib["height"]) for each in parse(drawn).iter(f"{SVG}rect")]
    assert heights[1] == pytest.approx(3 * heights[0])
    assert [each.text for each in parse(drawn).iter(f"{SVG}text")] == ["25", "0", "75", "1"]


def test_a_slope_says_both_scores() -> None:
    ends = charts.SlopeEnd(40, 30, 50, "+40"), charts.SlopeEnd(-20, -30, -10, "−20")
    texts = [each.text for each in parse(charts.slope(*ends, NPS, "Handover")).iter(f"{SVG}text")]
    assert texts == ["+40", "−20"]


def test_a_strip_without_data_shows_the_expectation_only() -> None:
    drawn = parse(charts.strip(None, None, None, NPS, "Nothing", expected=50))
    assert list(drawn.iter(f"{SVG}circle")) == []
    assert [each.text for each in drawn.iter(f"{SVG}text")] == ["◇"]


def test_words_from_outside_cannot_become_markup() -> None:
    hostile = '"><script>alert(1)</script>'
    curve = charts.emotion_curve([CurveStep(hostile, 1, 0, 2, shown=hostile)], hostile, (hostile, hostile))
    assert "<script" not in str(curve)
    assert parse(curve).attrib["aria-label"] == hostile


def test_mirrored_drawings_run_from_right_to_left() -> None:
    steps = [step(40), step(-20)]
    plain, mirrored = (
        [float(each.attrib["cx"].rstrip("%")) for each in parse(drawn).iter(f"{SVG}circle")]
        for drawn in (
            charts.emotion_curve(steps, "Curve", ("+", "-")),
            charts.emotion_curve(steps, "Curve", ("+", "-"), mirror=True),
        )
    )
    assert mirrored == [100 - x for x in plain]


@given(values)
def test_whatever_the_values_nothing_is_drawn_outside_the_frame(given_values: list[float | None]) -> None:
    drawn = charts.sparkline(given_values, NPS, "Trend")
    for line in paths(drawn, "line"):
        numbers = [float(number) for number in re.findall(r"-?[\d.]+", line)]
        assert all(0 <= x <= 1000 for x in numbers[::2])
        assert all(0 <= y <= 28 for y in numbers[1::2])


@given(values)
def test_as_many_points_are_marked_as_were_measured(given_values: list[float | None]) -> None:
    drawn = charts.emotion_curve([step(value) for value in given_values], "Curve", ("+", "-"))
    marked = len(list(parse(drawn).iter(f"{SVG}circle")))
    assert marked == sum(value is not None for value in given_values)


@given(st.floats(-1e6, 1e6), st.floats(0.001, 1e6))
def test_ticks_are_round_few_and_inside(low: float, span: float) -> None:
    ticks = Scale(low, low + span).ticks()
    assert len(ticks) <= 6
    assert all(low - span * 1e-6 <= tick <= low + span * (1 + 1e-6) for tick in ticks)


def test_a_scale_around_close_values_keeps_noise_small() -> None:
    scale = Scale.around([10, 12], (-100, 100), least=60)
    assert (scale.low, scale.high) == (-19, 41)
    assert Scale.around([98, 100], (-100, 100), least=60) == Scale(40, 100)
    assert Scale.around([], (-100, 100), least=60) == Scale(-100, 100)
