"""How often verdicts of runs err over many looks, and how often planned runs find; ``make simulate`` is the long form."""

from random import Random

import pytest
import simulated_runs as simulated
from simulated_runs import CES, NPS, QUESTIONS, Question

RUNS = 30


@pytest.mark.parametrize("question", [NPS, CES], ids=lambda each: each.metric)
def test_req_080_looks_at_nothing_seldom_decide(question: Question) -> None:
    """At 5 % more than five of thirty come by chance for one seed in 300; looks at a plain interval err in 8 or more."""
    random = Random(3)
    assert sum(simulated.errs(random, question, "difference") for _ in range(RUNS)) <= 5


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda each: each.metric)
def test_a_planned_run_finds_its_difference_in_about_four_of_five(question: Question) -> None:
    """Between 68 and 92 % of 100 runs: three standard errors around the planned power of 80 %."""
    random, n = Random(5), simulated.planned(question)
    assert 68 <= sum(simulated.is_found(random, question, n) for _ in range(100)) <= 92
