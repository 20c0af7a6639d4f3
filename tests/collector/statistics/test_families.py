"""Families: what is compared, at which level, and what is stated of it."""

from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.statistics import comparisons, intervals
from collector.statistics.families import (
    WEIGHTS,
    Compared,
    Group,
    Kind,
    Pair,
    asked,
    judge,
    levels,
    simultaneous,
)


def nps(detractors: int, passives: int, promoters: int) -> Group:
    return Group.of({-1: detractors, 0: passives, 1: promoters}, -1, 1, 100)


def share(hits: int, n: int) -> Group:
    return Group.of({1: hits, 0: n - hits}, 0, 1, 100)


def test_a_single_pair_gets_the_whole_level() -> None:
    pair = Pair("b", nps(60, 40, 100), nps(20, 40, 140))
    assert levels({"handover": 1}) == {"handover": pytest.approx(0.95)}
    alone = comparisons.compare_nps((60, 40, 100), (20, 40, 140)).interval
    assert simultaneous(pair, 0.95).low == pytest.approx(alone.low)
    assert simultaneous(pair, 0.95).high == pytest.approx(alone.high)


def test_a_share_gets_exact_arms() -> None:
    bounds = simultaneous(Pair("b", share(156, 170), share(148, 180)), 0.95)
    one, other = intervals.clopper_pearson(156, 170), intervals.clopper_pearson(148, 180)
    alone = intervals.difference(156 / 170, one, 148 / 180, other)
    assert (bounds.low, bounds.high) == (pytest.approx(alone.low), pytest.approx(alone.high))


@pytest.mark.parametrize(
    ("n", "chance"), [(30, 0.0045), (50, 0.0125), (99, 0.049), (100, 0.05), (4000, 0.05)]
)
def test_a_pair_with_few_answers_is_asked_for_more_certainty(n: int, chance: float) -> None:
    few = Pair("a", share(n - 7, n), share(4000, 5000))
    assert 1 - asked(0.95, few) == pytest.approx(chance, rel=0.01)
    mirrored = Pair("a", few.against, few.of)
    assert asked(0.95, mirrored) == asked(0.95, few)


@given(
    st.dictionaries(st.sampled_from(sorted(WEIGHTS)), st.integers(0, 60)).filter(lambda s: any(s.values()))
)
def test_the_levels_of_all_pairs_multiply_to_95_percent(sizes: dict[Kind, int]) -> None:
    each = levels(sizes)
    assert prod(each[kind] ** size for kind, size in sizes.items() if size) == pytest.approx(0.95)


def test_under_thirty_answers_nothing_is_compared() -> None:
    found = judge({"handover": [Pair("b", nps(5, 0, 0), nps(0, 0, 29))]})
    assert found.compared == ()
    assert found.findings == ()


def test_a_clear_fall_is_stated_smaller_than_seen_and_with_its_interval() -> None:
    found = judge(
        {
            "handover": [
                Pair("b", nps(60, 40, 100), nps(20, 40, 140)),
                Pair("c", nps(60, 40, 100), nps(60, 40, 100)),
            ]
        }
    )
    assert found.compared == (Compared("handover", 2, 200),)
    (fall,) = found.findings
    assert (fall.kind, fall.key, fall.n) == ("handover", "b", (200, 200))
    assert fall.estimate == pytest.approx(-40)
    assert fall.low < fall.estimate <= fall.shrunken < fall.high <= 0


def test_a_rise_is_the_mirror_of_a_fall() -> None:
    (fall,) = judge({"period": [Pair("a", share(60, 100), share(85, 100))]}).findings
    (rise,) = judge({"period": [Pair("a", share(85, 100), share(60, 100))]}).findings
    assert (rise.estimate, rise.shrunken) == (pytest.approx(-fall.estimate), pytest.approx(-fall.shrunken))
    assert (rise.low, rise.high) == (pytest.approx(-fall.high), pytest.approx(-fall.low))


def test_means_are_compared_on_their_own_scale() -> None:
    low, high = Group.of({1: 40, 2: 30}, 1, 7), Group.of({6: 30, 7: 40}, 1, 7)
    (fall,) = judge({"touchpoint": [Pair("a", low, high)]}).findings
    assert fall.estimate == pytest.approx(low.mean - high.mean)
    assert -6 <= fall.low < fall.high <= 0


def test_five_and_seven_are_no_fall_by_180_points() -> None:
    assert judge({"handover": [Pair("b", nps(4, 1, 0), nps(0, 0, 5))]}).findings == ()


@given(st.integers(30, 200), st.integers(30, 200), st.integers(0, 200), st.integers(0, 200))
def test_a_quick_look_never_hides_what_the_interval_would_state(
    n: int, m: int, hits: int, others: int
) -> None:
    pair = Pair("a", share(min(hits, n), n), share(min(others, m), m))
    each = levels({"touchpoint": 1})["touchpoint"]
    bounds = simultaneous(pair, each)
    stated = bool(judge({"touchpoint": [pair]}).findings)
    assert stated == (not bounds.low <= 0 <= bounds.high)
