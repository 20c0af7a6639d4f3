"""Weighting: the margins are met, the price is told, and impossible wishes are refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.statistics import weighting

ANSWERS = {("web", "s"): 60, ("web", "l"): 20, ("phone", "s"): 5, ("phone", "l"): 15}
TARGETS = [{"web": 0.5, "phone": 0.5}, {"s": 0.6, "l": 0.4}]
share = st.floats(0.1, 0.9)


def held(weights: dict[tuple[str, ...], float], place: int) -> dict[str, float]:
    """The weighted share of each category of one attribute."""
    n = sum(ANSWERS.values())
    sums: dict[str, float] = {}
    for profile, weight in weights.items():
        sums[profile[place]] = sums.get(profile[place], 0) + weight * ANSWERS[profile] / n
    return sums


def test_both_margins_are_met_and_the_mean_weight_is_one() -> None:
    weights = weighting.rake(ANSWERS, TARGETS, most=100)
    assert held(weights, 0) == pytest.approx(TARGETS[0], abs=1e-8)
    assert held(weights, 1) == pytest.approx(TARGETS[1], abs=1e-8)
    assert sum(weight * ANSWERS[profile] for profile, weight in weights.items()) == pytest.approx(100)


@given(share, share)
def test_any_two_margins_of_a_full_table_can_be_met(web: float, small: float) -> None:
    targets = [{"web": web, "phone": 1 - web}, {"s": small, "l": 1 - small}]
    weights = weighting.rake(ANSWERS, targets, most=1000)
    assert held(weights, 0) == pytest.approx(targets[0], abs=1e-6)
    assert held(weights, 1) == pytest.approx(targets[1], abs=1e-6)
    assert weighting.effective_n(weights, ANSWERS) <= 100 + 1e-9


def test_targets_may_be_counts() -> None:
    by_count = weighting.rake(ANSWERS, [{"web": 700, "phone": 700}])
    assert by_count == pytest.approx(weighting.rake(ANSWERS, [{"web": 0.5, "phone": 0.5}]))


def test_a_sample_that_fits_keeps_every_weight_at_one() -> None:
    weights = weighting.rake(ANSWERS, [{"web": 0.8, "phone": 0.2}])
    assert weights == pytest.approx(dict.fromkeys(ANSWERS, 1.0))
    assert weighting.design_effect(weights, ANSWERS) == pytest.approx(1)


def test_trimming_bounds_the_weights() -> None:
    answers = {("web",): 99, ("phone",): 1}
    free = weighting.rake(answers, [{"web": 0.5, "phone": 0.5}], most=100)
    trimmed = weighting.rake(answers, [{"web": 0.5, "phone": 0.5}], most=5)
    assert free["phone",] == pytest.approx(50)
    assert trimmed["phone",] / trimmed["web",] == pytest.approx(5 / (50 / 99))
    assert weighting.effective_n(trimmed, answers) > weighting.effective_n(free, answers)


def test_a_category_nobody_answered_for_cannot_be_weighted_up() -> None:
    with pytest.raises(ValueError, match="differ in: app"):
        weighting.rake(ANSWERS, [{"web": 0.5, "phone": 0.3, "app": 0.2}])
    with pytest.raises(ValueError, match="differ in: phone"):
        weighting.rake(ANSWERS, [{"web": 1}])


def test_targets_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(ValueError, match="cannot all be met"):
        weighting.rake({("a", "x"): 5, ("b", "y"): 5}, [{"a": 0.9, "b": 0.1}, {"x": 0.2, "y": 0.8}])


def test_a_negative_target_is_refused() -> None:
    with pytest.raises(ValueError, match="not negative"):
        weighting.rake(ANSWERS, [{"web": 2, "phone": -1}])


def test_nobody_has_no_weighted_mean() -> None:
    assert weighting.weighted_mean({}, {}, {}) is None
    assert weighting.design_effect({}, {}) is None
