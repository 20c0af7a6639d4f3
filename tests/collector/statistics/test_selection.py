"""What was picked for standing out is stated smaller, and its bound allows for the picking."""

import random
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.statistics import selection

thresholds = st.floats(1.96, 4.5)


@given(thresholds, st.floats(0.001, 6))
def test_the_stated_size_lies_between_nothing_and_the_estimate(threshold: float, beyond: float) -> None:
    estimate = threshold + beyond
    assert 0 < selection.shrunken(estimate, threshold) <= estimate
    assert 0 <= selection.least_truth(estimate, threshold) < estimate


def test_just_beyond_the_threshold_much_of_a_size_is_luck() -> None:
    assert selection.shrunken(3.01, 3.0) < 2
    assert selection.least_truth(3.01, 3.0) == 0


def test_far_beyond_the_threshold_nothing_is_taken_off() -> None:
    assert selection.shrunken(9.0, 3.0) == pytest.approx(9.0, abs=1e-3)
    assert selection.least_truth(9.0, 3.0) == pytest.approx(9.0 - 1.959964, abs=1e-3)


@pytest.mark.parametrize("truth", [0.5, 1.0, 2.0, 3.0, 5.0])
def test_of_what_is_stated_in_the_right_direction_the_bound_holds(truth: float) -> None:
    rng, threshold = random.Random(7), 3.0
    stated = [
        z for z in (rng.gauss(truth, 1) for _ in range(400_000 if truth < 1 else 40_000)) if z > threshold
    ]
    held = fmean(selection.least_truth(round(z, 2), threshold) <= truth for z in stated)
    assert held >= 0.96


@pytest.mark.parametrize("truth", [1.0, 2.0, 3.0, 4.0])
def test_shrinking_takes_off_most_of_the_winners_luck(truth: float) -> None:
    rng, threshold = random.Random(8), 3.0
    stated = [z for z in (rng.gauss(truth, 1) for _ in range(40_000)) if z > threshold]
    luck = fmean(stated) - truth
    left = fmean(selection.shrunken(round(z, 2), threshold) for z in stated) - truth
    assert abs(left) < max(luck, 0.6)
