"""How often verdicts err, over all families of a page together; ``make simulate`` runs the long form."""

import pytest
import simulated_journeys as simulated
from simulated_journeys import CSAT, NPS, SIZES, Question

FEW = {30: 200, 100: 150, 400: 60}
"""Journeys per size: enough to see a rate of one in five, quick enough for the suite."""


@pytest.mark.parametrize("question", [NPS, CSAT], ids=lambda question: question.name)
def test_where_nothing_differs_hardly_ever_anything_is_stated(question: Question) -> None:
    rates = [(simulated.error_rate(question, touchpoints, n, FEW[n]), FEW[n]) for touchpoints, n in SIZES]
    assert sum(rate * journeys for rate, journeys in rates) / sum(journeys for _, journeys in rates) <= 0.05
    assert max(rate for rate, _ in rates) <= 0.1


@pytest.mark.parametrize("question", [NPS, CSAT], ids=lambda question: question.name)
@pytest.mark.parametrize("touchpoints", [5, 10])
def test_a_planted_fall_is_found_and_its_interval_holds(question: Question, touchpoints: int) -> None:
    seen = simulated.planted(question, touchpoints, 400, 100)
    assert seen.power >= 0.8
    assert seen.cover >= 0.94


def test_the_worst_of_many_small_falls_still_holds_its_truth() -> None:
    seen = simulated.outcomes(NPS, [False, True, False, True, False], 100, 400)
    assert seen.stated > 20
    assert seen.cover >= 0.94


def test_thirty_answers_mostly_tell_a_fall_of_seventy_points_and_its_size_holds() -> None:
    bad = Question("nps", NPS.scores, NPS.usual, (0.55, 0.25, 0.20))
    seen = simulated.planted(bad, 5, 30, 300)
    assert seen.power >= 0.6
    assert seen.cover >= 0.94
