"""The engine of verdicts: what is compared, and what is stated of it."""

from __future__ import annotations

import uuid

import pytest

from collector.kpis import METRICS, series
from collector.kpis.said import AtTouchpoints, Said, leading_metric
from collector.kpis.verdicts import Place, judged

SERIES = uuid.UUID(int=1)
SALES, OPERATIONS = ("sales",), ("operations",)
Cells = dict[int, int]


def said(metric: str, now: Cells, before: Cells | None = None) -> dict[str, Said]:
    return {metric: Said(SERIES, now, before or {})}


def steps(**owners: tuple[str, ...]) -> list[Place]:
    return [Place(f"step-{key}", key, of) for key, of in owners.items()]


def test_different_questions_are_never_compared() -> None:
    at: AtTouchpoints = {"a": said("csat", {3: 100}), "b": said("nps", {5: 100})}
    found = judged(at, steps(a=SALES, b=OPERATIONS))
    assert (found.compared, found.verdicts, found.handovers) == ((), (), ())


def test_five_answers_against_five_are_too_few() -> None:
    at = {"a": said("nps", {10: 5}), "b": said("nps", {0: 4, 7: 1})}
    found = judged(at, steps(a=SALES, b=OPERATIONS))
    assert found.verdicts == ()
    assert [(each.n, each.low, each.verdict) for each in found.handovers] == [((5, 5), None, None)]


def test_a_fall_between_owners_is_stated_with_both_of_them() -> None:
    at = {"a": said("nps", {10: 70, 7: 20, 0: 10}), "b": said("nps", {10: 30, 7: 20, 0: 50})}
    found = judged(at, steps(a=SALES, b=OPERATIONS))
    (fall,) = found.verdicts
    assert (fall.kind, fall.n, fall.estimate) == ("handover", (100, 100), pytest.approx(-80))
    assert fall.low < fall.estimate <= fall.shrunken < fall.high <= 0
    assert fall.subject.of == {"touchpoint": "b"}
    assert fall.subject.owners == ("sales", "operations")
    assert found.worst_handover is fall
    assert found.handovers[0].verdict is fall


def test_a_touchpoint_is_compared_with_all_the_others() -> None:
    good, bad = {5: 80, 1: 20}, {5: 40, 1: 60}
    at = {"a": said("csat", good), "b": said("csat", bad), "c": said("csat", good)}
    found = judged(at, steps(a=SALES, b=SALES, c=SALES))
    assert [each.touchpoint for each in found.pains] == ["b"]
    assert found.pains[0].n == (100, 200)
    assert {each.kind: each.comparisons for each in found.compared} == {"touchpoint": 3}


def test_a_touchpoint_is_compared_with_its_own_past() -> None:
    at = {
        "a": said("csat", {5: 40, 1: 60}, {5: 80, 1: 20}),
        "b": said("csat", {5: 80, 1: 20}, {5: 80, 1: 20}),
    }
    found = judged(at, steps(a=SALES, b=SALES))
    moved = found.moved("a")
    assert moved is not None
    assert moved.falls
    assert found.moved("b") is None


def test_what_a_run_asked_is_never_compared() -> None:
    """It asks whom it chose: a fall to or from its answers says nothing of the touchpoint."""
    asked = {"nps": Said(SERIES, {10: 10, 0: 190}, {10: 190, 0: 10}, of_run=True)}
    at = {"a": said("nps", {10: 80, 0: 20}), "b": asked, "c": said("nps", {10: 80, 0: 20})}
    found = judged(at, steps(a=SALES, b=OPERATIONS, c=OPERATIONS))
    assert (found.verdicts, found.metric and found.metric.key) == ((), "nps")
    assert [each.steps for each in found.handovers] == [("step-a", "step-c")]
    alone = judged({"b": asked}, steps(b=OPERATIONS))
    assert (alone.compared, alone.metric and alone.metric.key) == ((), "nps"), "its page is still read by it"
    of_csat = {"nps": asked["nps"], **said("csat", {5: 40})}
    assert judged({"b": of_csat}, steps(b=SALES), "nps").metric is METRICS["csat"]


def test_a_journey_is_read_by_the_question_asked_at_most_of_its_touchpoints() -> None:
    at = {"a": said("csat", {5: 40}), "b": said("csat", {5: 40}), "c": said("nps", {9: 4000})}
    assert leading_metric(at) == "csat"
    assert leading_metric(at, "nps") == "nps", "unless its file names another"
    assert leading_metric(at, "ces") == "csat", "of which there are answers"
    assert leading_metric({}) is None
    assert leading_metric({"a": said("csat", {}, {5: 3})}) is None


OLD, NEW, OTHER = (uuid.UUID(int=number) for number in (1, 2, 3))


@pytest.mark.parametrize(
    ("counts", "leads"),
    [
        ({OLD: 148, NEW: 1}, OLD), ({OLD: 148, NEW: 30}, NEW), ({NEW: 1}, NEW), ({OLD: 5, NEW: 20}, OLD), ({}, None),
        ({OLD: 40, NEW: 30, OTHER: 50}, OTHER), ({OLD: 0, NEW: 2}, NEW),
    ],
)  # fmt: skip
def test_one_series_leads(counts: dict[uuid.UUID, int], leads: uuid.UUID | None) -> None:
    assert series.leading(counts, {OLD: NEW}) == leads
