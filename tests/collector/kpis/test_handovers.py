"""Handovers: neighbouring measured steps with different owners, the greatest loss first."""

import pytest

from collector.kpis.handovers import Step, handovers
from collector.kpis.metrics import METRICS

NPS = METRICS["nps"]
SALES, OPERATIONS, SERVICE = frozenset({"sales"}), frozenset({"operations"}), frozenset({"service"})
HAPPY = {3: 10, 8: 40, 10: 150}
CONTENT = {3: 25, 8: 40, 10: 135}
ANGRY = {3: 110, 8: 50, 10: 40}


def test_req_051_the_drop_from_sales_to_operations_ranks_first() -> None:
    steps = [
        Step("advice", SALES, HAPPY),
        Step("confirmed", SALES, HAPPY),
        Step("visit", OPERATIONS, ANGRY),
        Step("hotline", SERVICE, CONTENT),
        Step("invoice", SALES, HAPPY),
    ]
    first, *others = handovers(NPS, steps)
    assert (first.before, first.after) == ("confirmed", "visit")
    assert (first.owners_before, first.owners_after) == (SALES, OPERATIONS)
    assert first.rank == 1
    assert first.change == pytest.approx(-35 - 70)
    assert first.low < first.change < first.high < 0
    assert (first.n_before, first.n_after) == (200, 200)
    assert {other.after for other in others} == {"hotline", "invoice"}
    assert all(other.rank is not None and other.rank > 1 and other.lost == 0 for other in others)


def test_steps_of_one_owner_are_no_handover() -> None:
    assert handovers(NPS, [Step("a", SALES, HAPPY), Step("b", SALES, ANGRY)]) == []


def test_a_step_nobody_owns_is_a_handover() -> None:
    [found] = handovers(NPS, [Step("a", SALES, HAPPY), Step("b", frozenset(), ANGRY)])
    assert found.owners_after == frozenset()


def test_unmeasured_steps_are_passed_over_and_counted() -> None:
    steps = [
        Step("a", SALES, HAPPY),
        Step("x", OPERATIONS, {}),
        Step("y", OPERATIONS, {9: 4}),
        Step("b", SERVICE, ANGRY),
    ]
    [found] = handovers(NPS, steps)
    assert (found.before, found.after, found.skipped) == ("a", "b", 2)


def test_losses_that_cannot_be_told_apart_share_their_rank() -> None:
    steps = [
        Step("a", SALES, HAPPY),
        Step("b", OPERATIONS, {3: 60, 8: 40, 10: 100}),
        Step("c", SERVICE, {3: 105, 8: 40, 10: 55}),
    ]
    assert [found.rank for found in handovers(NPS, steps)] == [1, 1]


def test_volume_decides_between_equal_drops() -> None:
    drop = [Step("a", SALES, HAPPY), Step("b", OPERATIONS, ANGRY, passes=200)]
    again = [Step("c", SALES, HAPPY), Step("d", OPERATIONS, ANGRY, passes=90_000)]
    found = handovers(NPS, drop + again)
    assert (found[0].before, found[0].after) == ("c", "d")
    assert found[0].lost == pytest.approx(105 * 90_000)


def test_under_a_hundred_answers_there_is_no_rank_and_the_ranked_come_first() -> None:
    few = {3: 40, 8: 5, 10: 5}
    steps = [
        Step("a", SALES, HAPPY),
        Step("b", OPERATIONS, few),
        Step("c", SALES, HAPPY),
        Step("d", SERVICE, CONTENT),
    ]
    found = handovers(NPS, steps)
    assert [(each.after, each.rank) for each in found] == [("d", 1), ("b", None), ("c", None)]


def test_a_rise_loses_nothing() -> None:
    [found] = handovers(NPS, [Step("a", SALES, ANGRY), Step("b", OPERATIONS, HAPPY)])
    assert found.change > 0
    assert (found.lost, found.lost_low, found.lost_high) == (0, 0, 0)


def test_a_journey_of_one_step_has_no_handover() -> None:
    assert handovers(NPS, [Step("a", SALES, HAPPY)]) == []
    assert handovers(NPS, []) == []
