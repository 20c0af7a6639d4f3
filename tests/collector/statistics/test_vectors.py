"""The published numbers every figure must reproduce, to one unit in the last printed digit."""

from collections import Counter

import pytest

from collector.kpis import response_rate, scores
from collector.kpis.metrics import METRICS
from collector.statistics import (
    comparisons,
    control_charts,
    drivers,
    intervals,
    sample_size,
    usability,
    weighting,
)
from collector.statistics.cells import variance


def near(low: float, high: float, digits: int) -> object:
    return pytest.approx((low, high), abs=10**-digits)


def ends(interval: intervals.Interval) -> tuple[float, float]:
    return interval.low, interval.high


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_v01_wilson_intervals_of_newcombe(hits: int, n: int, low: float, high: float) -> None:
    assert ends(intervals.wilson(hits, n)) == near(low, high, 4)


@pytest.mark.parametrize(
    ("a", "b", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1),
    ],
)
def test_v02_differences_of_two_shares(
    a: tuple[int, int], b: tuple[int, int], low: float, high: float
) -> None:
    assert ends(intervals.newcombe(*a, *b)) == near(low, high, 4)


def test_v03_a_small_table_of_fagerland() -> None:
    found = intervals.newcombe(7, 34, 1, 34)
    assert found.low == pytest.approx(0.019, abs=1e-3)
    assert found.high == pytest.approx(0.34, abs=1e-2)


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [(81, 263, 0.2527, 0.3676), (15, 148, 0.0578, 0.1617), (0, 20, 0, 0.1684), (1, 29, 0.0009, 0.1776)],
)
def test_exact_intervals_of_newcombe(hits: int, n: int, low: float, high: float) -> None:
    """Newcombe 1998, Stat. Med. 17:857, table I, method 5."""
    assert ends(intervals.clopper_pearson(hits, n)) == near(low, high, 4)


def test_v04_goodmans_simultaneous_intervals() -> None:
    expected = [
        (0.085, 0.166),
        (0.115, 0.204),
        (0.116, 0.207),
        (0.091, 0.173),
        (0.096, 0.181),
        (0.143, 0.239),
        (0.089, 0.171),
    ]
    found = intervals.goodman([56, 72, 73, 59, 62, 87, 58])
    assert [ends(interval) for interval in found] == [near(low, high, 3) for low, high in expected]


@pytest.mark.parametrize(("bands", "nps", "spread"), [((1, 2, 3), 1 / 3, 5 / 9), ((6, 2, 7), 2 / 30, 0.8622)])
def test_v05_nps_and_its_variance(bands: tuple[int, int, int], nps: float, spread: float) -> None:
    detractors, passives, promoters = bands
    figure = scores.figure(METRICS["nps"], {0: detractors, 7: passives, 10: promoters})
    assert figure.value == pytest.approx(nps * 100)
    found = variance({-1: detractors, 0: passives, 1: promoters})
    assert found == pytest.approx(spread, abs=1e-4)


def test_v05_the_standard_error_divides_by_n() -> None:
    wald = intervals.nps_wald(1, 2, 3)
    assert (wald.high - wald.low) / 2 / 1.959964 == pytest.approx(0.304, abs=1e-3)


@pytest.mark.parametrize(
    ("bands", "wald", "adjusted", "score", "digits"),
    [
        ((20, 30, 50), (14.6922, 45.3078), (14.0511, 44.2013), (13.9551, 44.3393), 4),
        ((4, 5, 10), (-4.31, 67.47), (-5.90, 60.44), (-7.13, 61.34), 2),
        ((0, 0, 10), (100, 100), (47.50, 100), (44.49, 100), 2),
        ((10, 8, 9), (-35.31, 27.91), (-32.89, 26.22), (-33.67, 27.02), 2),
    ],
)
def test_v06_nps_intervals(
    bands: tuple[int, int, int],
    wald: tuple[float, float],
    adjusted: tuple[float, float],
    score: tuple[float, float],
    digits: int,
) -> None:
    assert ends(intervals.nps_wald(*bands).scaled(100)) == near(*wald, digits)
    assert ends(intervals.nps_adjusted_wald(*bands).scaled(100)) == near(*adjusted, digits)
    assert ends(intervals.nps_score(*bands).scaled(100)) == near(*score, digits)


def test_v06_the_shown_nps_is_the_raw_one_with_the_score_interval() -> None:
    figure = scores.figure(METRICS["nps"], {6: 20, 8: 30, 9: 50})
    assert figure.value == 30
    assert (figure.low, figure.high) == near(13.9551, 44.3393, 4)


def test_v08_the_same_nps_with_different_certainty() -> None:
    wide, narrow = intervals.nps_wald(14, 0, 14).scaled(100), intervals.nps_wald(8, 12, 8).scaled(100)
    assert ends(wide) == near(-37.04, 37.04, 2)
    assert ends(narrow) == near(-28.00, 28.00, 2)
    assert intervals.nps_score(14, 0, 14).high > intervals.nps_score(8, 12, 8).high


def test_v09_z_test_of_two_shares() -> None:
    found = comparisons.compare_shares(5, 83, 12, 99)
    assert found.z == pytest.approx(-1.40783, abs=1e-5)
    assert found.p == pytest.approx(0.159182, abs=1e-6)


@pytest.mark.parametrize(
    ("hits", "sizes", "statistic", "p"),
    [
        ((83, 90, 129, 70), (86, 93, 136, 82), 12.6004, 0.005585),
        ((73, 90, 114, 75), (86, 93, 136, 82), 11.11938768628861, 0.0110975113665813),
    ],
)
def test_v10_chi_square_of_k_shares(
    hits: tuple[int, ...], sizes: tuple[int, ...], statistic: float, p: float
) -> None:
    found = comparisons.homogeneity([(hit, n - hit) for hit, n in zip(hits, sizes, strict=True)])
    assert found is not None
    assert found.statistic == pytest.approx(statistic, abs=1e-4)
    assert found.p == pytest.approx(p, abs=1e-6)
    assert found.df == 3


SAMPLES_OF_50 = [12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22]
SAMPLES_OF_50 += [8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6]


def test_v12_p_chart_of_thirty_samples() -> None:
    chart = control_charts.p_chart(SAMPLES_OF_50, [50] * 30)
    assert chart.centre == pytest.approx(0.231333, abs=1e-6)
    assert (chart.points[0].low, chart.points[0].high) == near(0.052428, 0.410239, 6)
    assert [place + 1 for place in chart.signals] == [15, 23]


def test_v12_laneys_chart_of_the_same_samples() -> None:
    chart = control_charts.laney_chart(SAMPLES_OF_50, [50] * 30)
    assert chart.inflation == pytest.approx(1.6609, abs=1e-4)
    assert (chart.points[0].low, chart.points[0].high) == near(0, 0.5285, 4)
    assert chart.signals == ()


def test_v13_ewma_of_nist() -> None:
    values = [52.0, 47.0, 53.0, 49.3, 50.1, 47.0, 51.0, 50.1, 51.2, 50.5]
    values += [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
    averages = [50.60, 49.52, 50.56, 50.18, 50.16, 49.21, 49.75, 49.85, 50.26, 50.33]
    averages += [50.11, 49.36, 49.52, 50.05, 49.38, 49.92, 50.73, 51.23, 51.94, 51.99]
    chart = control_charts.ewma_chart(values, target=50, sigmas=[2.0539] * 20, weight=0.3)
    assert [point.value for point in chart.points] == pytest.approx(averages, abs=0.01)
    # NIST prints the asymptotic limits; after twenty values the exact ones have arrived there.
    assert (chart.points[-1].low, chart.points[-1].high) == near(47.4115, 52.5884, 3)
    assert chart.signals == ()


def test_v14_cusum_of_nist() -> None:
    values = [324.93, 324.68, 324.73, 324.35, 325.35, 325.23, 324.13, 324.53, 325.23, 324.60]
    values += [324.63, 325.15, 328.33, 327.25, 327.83, 328.50, 326.68, 327.78, 326.88, 328.35]
    found = control_charts.cusum(values, target=325, slack=0.3175, decision=4.1959)
    assert [found.high[12], found.high[13], found.high[19]] == pytest.approx([3.01, 4.94, 19.06], abs=0.01)
    assert [place + 1 for place in found.signals] == [14, 15, 16, 17, 18, 19, 20]


def test_v15_mann_whitney_exact() -> None:
    found = comparisons.mann_whitney(Counter([19, 22, 16, 29, 24]), Counter([20, 11, 17, 12]))
    assert found.u == 17
    assert found.exact
    assert found.p == pytest.approx(1 / 9)


# Pearson correlations of R's `swiss` (Mosteller & Tukey 1977): Fertility with, and among, Agriculture,
# Examination, Education, Catholic and Infant.Mortality.
WITH_FERTILITY = [0.35307918362, -0.645882706457, -0.663788857035, 0.463684700652, 0.416556031435]
AMONG_PREDICTORS = [
    [1.0, -0.686542208617, -0.639522518948, 0.401095053049, -0.060858608417],
    [-0.686542208617, 1.0, 0.698415296288, -0.572741806064, -0.114021596482],
    [-0.639522518948, 0.698415296288, 1.0, -0.153858917091, -0.099321845821],
    [0.401095053049, -0.572741806064, -0.153858917091, 1.0, 0.175495907597],
    [-0.060858608417, -0.114021596482, -0.099321845821, 0.175495907597, 1.0],
]


def test_v17_lmg_of_the_swiss_provinces() -> None:
    found = drivers.lmg(AMONG_PREDICTORS, WITH_FERTILITY)
    expected = [0.05709122, 0.17117303, 0.26013468, 0.10557015, 0.11276592]
    assert found == pytest.approx(expected, abs=1e-8)
    assert sum(found) == pytest.approx(0.706735, abs=1e-6)


def test_v19_answers_per_arm_to_tell_5_from_10_percent() -> None:
    assert sample_size.for_shares_unpooled(0.05, 0.10) == 432
    assert sample_size.for_shares_pooled(0.05, 0.10) == 435


def test_v20_raking_to_a_half_and_half_target() -> None:
    answers = {("m",): 4, ("f",): 6}
    sums = {("m",): 7.0 + 6.0 + 5.0 + 4.5, ("f",): 8.5 + 7.5 + 8.0 + 9.5 + 8.0 + 8.5}
    weights = weighting.rake(answers, [{"m": 0.5, "f": 0.5}])
    assert weights == pytest.approx({("m",): 1.25, ("f",): 0.8333}, abs=1e-4)
    assert sum(sums.values()) / 10 == 7.25
    assert weighting.weighted_mean(weights, answers, sums) == pytest.approx(6.97917, abs=1e-5)


def test_v20_kishs_effective_n() -> None:
    answers, weights = {("a",): 50, ("b",): 30, ("c",): 20}, {("a",): 1.0, ("b",): 2.0, ("c",): 4.0}
    assert weighting.effective_n(weights, answers) == pytest.approx(73.67, abs=0.01)
    assert weighting.design_effect(weights, answers) == pytest.approx(1.3573, abs=1e-4)


def test_v21_aapor_response_rates() -> None:
    found = response_rate.aapor(response_rate.Dispositions(300, 20, 100, 500, 10, 50, 20), eligible_share=0.8)
    expected = {"RR1": 0.300, "RR2": 0.320, "RR3": 0.3043, "RR4": 0.3245, "RR5": 0.3226, "RR6": 0.3441}
    assert found == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize(
    ("satisfied", "n", "low", "high"),
    [(80, 100, 71.12, 86.66), (60, 100, 50.20, 69.06), (8, 10, 49.02, 94.33)],
)
def test_v23_csat_intervals(satisfied: int, n: int, low: float, high: float) -> None:
    figure = scores.figure(METRICS["csat"], {4: satisfied, 2: n - satisfied})
    assert figure.value == pytest.approx(satisfied / n * 100)
    assert (figure.low, figure.high) == near(low, high, 2)


def test_v23_umux_lite() -> None:
    assert usability.umux_lite(6, 6) == pytest.approx(83.33, abs=0.01)


def test_v23_sample_sizes() -> None:
    assert sample_size.for_share(0.05) == 385
    assert sample_size.for_nps(0.10, variance=0.67) == 255
    assert sample_size.for_nps(0.10, variance=1) == 382
