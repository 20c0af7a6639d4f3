"""The Bernoulli CUSUM alarms as rarely as it was told to while all is well, and soon once it is not."""

from random import Random
from statistics import fmean
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.statistics import falls, silences
from collector.statistics import run_length as run_length_module
from collector.statistics.control_charts import BernoulliCusum
from collector.statistics.run_length import mean_run_length, simulated_run_length, threshold


def simulated(chart: BernoulliCusum, p: float, runs: int) -> float:
    random = Random(20261121)
    return fmean(simulated_run_length(chart, p, random) for _ in range(runs))


@pytest.mark.parametrize(("p0", "p1", "decision"), [(0.2, 0.4, 3.0), (0.05, 0.15, 2.5), (0.6, 0.8, 2.5)])
def test_req_138_the_computed_run_length_is_the_simulated_one(p0: float, p1: float, decision: float) -> None:
    chart = BernoulliCusum(p0, p1, decision)
    assert mean_run_length(chart, p0) == pytest.approx(simulated(chart, p0, 800), rel=0.15)
    assert mean_run_length(chart, p1) == pytest.approx(simulated(chart, p1, 800), rel=0.15)


def test_req_134_false_alarms_are_as_rare_as_designed_and_a_shift_is_noticed() -> None:
    chart = BernoulliCusum(0.2, 0.4, threshold(0.2, 0.4, run_length=600))
    assert simulated(chart, 0.2, 300) == pytest.approx(600, rel=0.2)
    assert simulated(chart, 0.4, 300) < 40


def test_a_longer_run_length_takes_a_higher_threshold() -> None:
    assert threshold(0.1, 0.2, 200) < threshold(0.1, 0.2, 400)


def test_the_chain_of_one_state_waits_for_the_first_hit() -> None:
    # One detractor is enough for this threshold, so the wait is geometric.
    assert mean_run_length(BernoulliCusum(0.2, 0.5, 0.1), 0.25) == pytest.approx(4)


def test_impossible_wishes_are_refused() -> None:
    with pytest.raises(ValueError, match="one answer"):
        threshold(0.1, 0.2, 0)
    with pytest.raises(ValueError, match="between 0 and 1"):
        mean_run_length(BernoulliCusum(0.1, 0.2, 3), 1)


def test_a_simulation_ends_at_its_limit() -> None:
    assert simulated_run_length(BernoulliCusum(0.1, 0.2, 50), 0.001, Random(1), limit=50) == 50


@pytest.mark.parametrize("run_length", [50, 512, 4096, 1_000_000])
@pytest.mark.parametrize("of", [falls, silences])
@pytest.mark.parametrize("p0", [0.2, 0.42, 0.6, 0.76])
def test_no_lower_threshold_would_do_and_few_steps_find_it(
    p0: float, of: Any, run_length: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    solved: list[int] = []
    solve = run_length_module._solve
    monkeypatch.setattr(run_length_module, "_solve", lambda rows: (solved.append(len(rows)), solve(rows))[1])
    p1 = of._worth_finding(p0)
    found = threshold(p0, p1, run_length)
    assert len(solved) <= 6
    part = run_length_module._grid(p0, p1).part
    assert mean_run_length(BernoulliCusum(p0, p1, found), p0) >= run_length
    assert found < part or mean_run_length(BernoulliCusum(p0, p1, found - part), p0) < run_length


@given(st.floats(0.01, 0.9), st.floats(0.05, 0.9), st.floats(1, 3_000))
@settings(max_examples=30)
def test_it_is_found_for_every_wish(p0: float, more: float, run_length: float) -> None:
    p1 = p0 + more * (0.99 - p0)
    found = threshold(p0, p1, run_length)
    part = run_length_module._grid(p0, p1).part
    assert mean_run_length(BernoulliCusum(p0, p1, found), p0) >= run_length * (1 - 1e-9)
    assert found < part or mean_run_length(BernoulliCusum(p0, p1, found - part), p0) < run_length
