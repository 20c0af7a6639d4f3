"""Pain points: flagged only where a touchpoint is worse than its journey beyond chance."""

from collections.abc import Mapping

import pytest

from collector.kpis.metrics import METRICS
from collector.kpis.painpoints import pain_points
from collector.kpis.scores import figure, withheld
from collector.statistics.cells import merged

NPS = METRICS["nps"]
GOOD = {3: 20, 7: 60, 10: 120}
BAD = {3: 120, 7: 50, 10: 30}
WORST = {3: 190, 7: 5, 10: 5}


def found(cells: Mapping[str, Mapping[int, int]], minimum: int = 30) -> list[str]:
    journey = figure(NPS, merged(cells.values()))
    figures = {key: figure(NPS, counts) for key, counts in cells.items()}
    return [point.key for point in pain_points(figures, journey, minimum)]


def test_req_008_two_of_ten_touchpoints_are_flagged_worst_first() -> None:
    cells = {f"good-{i}": GOOD for i in range(8)}
    assert found({**cells, "installation": BAD, "invoice": WORST}) == ["invoice", "installation"]


def test_a_low_score_within_chance_is_not_flagged() -> None:
    assert found({"a": GOOD, "b": {3: 8, 7: 10, 10: 22}}) == []


def test_a_low_score_of_few_answers_is_not_flagged() -> None:
    few = {3: 25, 7: 3, 10: 1}
    assert found({"a": GOOD, "b": few}) == []
    assert found({"a": GOOD, "b": few}, minimum=20) == ["b"]


def test_touchpoints_without_answers_or_withheld_are_passed_over() -> None:
    journey = figure(NPS, GOOD)
    assert pain_points({"empty": figure(NPS, {}), "hidden": withheld(NPS)}, journey) == []
    assert pain_points({"a": figure(NPS, BAD)}, figure(NPS, {})) == []


def test_the_gap_and_the_lost_score_are_given() -> None:
    [point] = pain_points({"b": figure(NPS, BAD)}, figure(NPS, GOOD))
    assert point.gap == pytest.approx(50 - -45)
    assert point.lost == pytest.approx(95 * 200)


def test_figures_of_different_metrics_are_refused() -> None:
    with pytest.raises(ValueError, match="nps cannot be compared with csat"):
        pain_points({"b": figure(METRICS["csat"], {4: 9})}, figure(NPS, GOOD))
