"""Milestones and goals: who gets on, of those who could."""

import pytest

from collector.kpis.milestones import conversions, goal_chances, reached
from collector.statistics.proportions import share


def test_req_031_conversion_from_milestone_to_milestone() -> None:
    offered, billed = conversions([100, 60, 45])
    assert (offered.count, offered.base, offered.value) == (60, 100, 60)
    assert (offered.low, offered.high) == pytest.approx((50.20, 69.06), abs=0.01)
    assert billed.value == 75
    assert billed.low == pytest.approx(62.77, abs=0.01)


def test_nobody_at_a_milestone_leaves_the_next_without_a_value() -> None:
    first, second = conversions([10, 0, 0])
    assert first.value == 0
    assert (second.value, second.low, second.high) == (None, None, None)


def test_counts_that_grow_are_refused() -> None:
    with pytest.raises(ValueError, match="hits"):
        conversions([10, 11])


def test_milestones_count_in_their_order() -> None:
    paths = [["options", "order", "bill"], ["options", "x", "order"], ["order", "options"], ["bill"]]
    assert reached(paths, ["options", "order", "bill"]) == [3, 2, 1]
    assert reached([["a", "a", "b", "b"]], ["a", "b"]) == [1, 1]
    assert reached([], ["a"]) == [0]


def test_req_034_the_chance_of_the_goal_per_score_band() -> None:
    found = goal_chances({"detractors": (12, 40), "passives": (25, 40), "promoters": (36, 40)})
    assert [each.value for each in found.values() if each] == [30, 62.5, 90]


def test_req_034_a_band_of_few_people_is_hidden_and_so_is_its_neighbour() -> None:
    found = goal_chances({"detractors": (1, 3), "passives": (5, 9), "promoters": (36, 40)})
    assert found["detractors"] is None
    assert found["passives"] is None
    assert found["promoters"] is not None


def test_a_share_of_nothing_has_no_value() -> None:
    assert share(0, 0).value is None
    with pytest.raises(ValueError, match="n > 0"):
        share(1, 0)
