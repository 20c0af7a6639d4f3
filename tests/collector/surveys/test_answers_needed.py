"""The builder says how many answers a score takes, for each question that has one."""

from __future__ import annotations

import pytest

from collector.kpis import METRICS
from collector.surveys.builder import answers_needed


def test_each_metric_is_known_by_its_kind() -> None:
    known = dict.fromkeys(answers_needed.NET, "net") | dict.fromkeys(answers_needed.SHARES, "share")
    known |= dict.fromkeys(answers_needed.STEPS, "mean")
    assert known == {key: metric.kind for key, metric in METRICS.items()}
    for key, steps in answers_needed.STEPS.items():
        assert steps == METRICS[key].highest - METRICS[key].lowest + 1


@pytest.mark.parametrize(
    ("metric", "answers"),
    [("nps", [382, 1534]), ("csat", [97, 385]), ("ces", [62, 246]), ("none", []), (None, [])],
)
def test_the_answers_are_those_of_the_published_formulas(metric: str | None, answers: list[int]) -> None:
    assert [each.answers for each in answers_needed.needed(metric)] == answers
