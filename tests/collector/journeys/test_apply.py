"""Applying a document: it makes what is new, versions what differs, and leaves the rest alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from collector import changes, clock, errors, journeys, workspaces

OF_JOURNEYS = changes.Wanted(nouns=frozenset({"stakeholder", "persona", "touchpoint", "journey"}))

Document = dict[str, Any]
Apply = Callable[[Document], journeys.Plan]


@pytest.fixture
def apply(session: Session, workspace: Any, time: clock.FixedClock) -> Apply:
    return lambda document: journeys.apply(
        session, workspace.workspace_id, document, "anna@example.com", time()
    )


def _verbs(plan: journeys.Plan) -> dict[str, str]:
    return {item.key: item.verb for item in plan.items}


def _steps(session: Session, workspace: Any, key: str = "first-order") -> list[str]:
    journey = journeys.get(session, workspace.workspace_id, key)
    return [step.key for step in journeys.steps(session, workspace.workspace_id, journey)]


def test_it_makes_what_is_new(session: Session, workspace: Any, apply: Apply, smallest: Document) -> None:
    plan = apply(smallest)
    assert plan.counts == {"create": 5, "change": 0, "version": 0, "restore": 0, "unchanged": 0}
    journey = journeys.get(session, workspace.workspace_id, "first-order")
    assert (journey.version, journey.applied_by) == (1, "anna@example.com")
    first, second = journeys.steps(session, workspace.workspace_id, journey)
    assert (first.number, first.label, first.channel) == (1, "I get my confirmation", "web")
    assert [owner.name for owner in second.owners] == ["Operations"]
    assert second.phase.name == "Installation"
    assert second.expectation().value == 1


def test_the_same_document_again_changes_nothing(
    session: Session, workspace: Any, apply: Apply, smallest: Document
) -> None:
    apply(smallest)
    again = apply(smallest)
    assert again.changes_nothing
    assert len(journeys.versions(session, workspace.workspace_id, "first-order")) == 1
    assert len(changes.changes(session, workspace.workspace_id, OF_JOURNEYS)) == 5


def test_planning_shows_and_changes_nothing(session: Session, workspace: Any, smallest: Document) -> None:
    plan = journeys.plan(session, workspace.workspace_id, smallest)
    assert plan.counts["create"] == 5
    assert journeys.list_journeys(session, workspace.workspace_id).items == ()


def test_req_013_reordering_steps_keeps_ids(
    session: Session, workspace: Any, apply: Apply, smallest: Document
) -> None:
    apply(smallest)
    phases = smallest["journeys"][0]["phases"]
    phases.reverse()
    plan = apply(smallest)
    (item,) = (item for item in plan.items if item.noun == "journey")
    assert (item.verb, item.number) == ("version", 2)
    assert len(item.changes) == 1
    assert item.changes[0].endswith("moved")
    assert _steps(session, workspace) == ["visit", "confirmed"]


def test_req_018_old_versions_stay_and_late_touchpoints_say_since_when(
    session: Session, workspace: Any, apply: Apply, smallest: Document
) -> None:
    apply(smallest)
    smallest["touchpoints"].append({"key": "invoice", "name": "First invoice", "channel": "letter"})
    smallest["journeys"][0]["phases"][1]["steps"].append(
        {"key": "bill", "name": "The bill comes", "touchpoint": "invoice"}
    )
    apply(smallest)
    wid = workspace.workspace_id
    assert journeys.get(session, wid, "first-order", 1).touchpoints == ("order-confirmed", "installed")
    assert journeys.since(session, wid, "first-order") == {"order-confirmed": 1, "installed": 1, "invoice": 2}
    late = journeys.steps(session, wid, journeys.get(session, wid, "first-order"))[-1]
    assert (late.key, late.since) == ("bill", 2)


def test_req_005_editing_an_expectation_makes_a_version_and_keeps_the_old_one(
    session: Session, workspace: Any, apply: Apply, smallest: Document
) -> None:
    apply(smallest)
    smallest["journeys"][0]["phases"][1]["steps"][0]["expectation"] = -2
    apply(smallest)
    wid = workspace.workspace_id
    assert [
        journeys.get(session, wid, "first-order", version).steps[1].expectation for version in (1, 2)
    ] == [1, -2]


def test_what_a_document_leaves_out_stays(
    session: Session, workspace: Any, apply: Apply, smallest: Document
) -> None:
    apply(smallest)
    plan = apply({"touchpoints": [{"key": "hotline", "name": "Hotline", "channel": "phone"}]})
    assert _verbs(plan) == {"hotline": "create"}
    keys = [item.key for item in journeys.touchpoints(session, workspace.workspace_id).items]
    assert keys == ["hotline", "installed", "order-confirmed"]


def test_req_015_one_touchpoint_stands_in_two_journeys(
    session: Session, workspace: Any, apply: Apply, smallest: Document
) -> None:
    second = {**smallest["journeys"][0], "key": "renewal", "name": "Renewal"}
    smallest["journeys"].append(second)
    apply(smallest)
    found = journeys.journeys_of(session, workspace.workspace_id, "installed")
    assert [journey.key for journey in found] == ["first-order", "renewal"]


def test_req_014_a_step_without_touchpoint_is_valid_and_not_measurable(
    session: Session, workspace: Any, apply: Apply, smallest: Document
) -> None:
    phases = smallest["journeys"][0]["phases"]
    phases.insert(0, {"name": "Consideration", "steps": [{"key": "search", "name": "I search the web"}]})
    apply(smallest)
    wid = workspace.workspace_id
    search = journeys.steps(session, wid, journeys.get(session, wid, "first-order"))[0]
    assert (search.touchpoint, search.owners, search.measurable) == (None, (), False)


def test_req_101_a_journey_takes_a_hundred_steps(
    session: Session, workspace: Any, apply: Apply, smallest: Document
) -> None:
    smallest["journeys"][0]["phases"][0]["steps"] = [
        {"key": f"step-{number}", "name": f"Step {number}", "notes": "seen in the shop"}
        for number in range(99)
    ]
    apply(smallest)
    assert len(_steps(session, workspace)) == 100


def test_every_change_has_an_actor_a_time_and_what_was_before(
    session: Session, workspace: Any, apply: Apply, smallest: Document, time: clock.FixedClock
) -> None:
    apply(smallest)
    smallest["touchpoints"][0]["name"] = "Confirmation"
    time.move(hours=1)
    apply(smallest)
    (change,) = changes.changes(session, workspace.workspace_id, limit=1)
    assert (change.at, change.actor, change.verb) == (time(), "anna@example.com", "change")
    assert change.before is not None
    assert change.after is not None
    assert (change.before["name"], change.after["name"]) == ("Order confirmation page", "Confirmation")


@pytest.mark.parametrize(
    ("path", "value", "code", "field"),
    [
        (("touchpoints", 0, "owners"), ["nobody"], "unknown_stakeholder", "touchpoints.0.owners.0"),
        (("touchpoints", 0, "channel"), "fax", "invalid_input", "touchpoints.0.channel"),
        (("touchpoints", 0, "colour"), "red", "invalid_input", "touchpoints.0.colour"),
        (("touchpoints", 1, "key"), "order-confirmed", "duplicate_key", "touchpoints.1.key"),
        (("touchpoints", 0, "measurable"), "yes", "invalid_input", "touchpoints.0.measurable"),
        (("journeys", 0, "definition"), " ", "invalid_input", "journeys.0.definition"),
        (("journeys", 0, "customer_goal"), "", "invalid_input", "journeys.0.customer_goal"),
        (("journeys", 0, "variant_of"), "first-order", "own_variant", "journeys.0.variant_of"),
        (("journeys", 0, "personas"), ["anna"], "unknown_persona", "journeys.0.personas.0"),
        (("journeys", 0, "phases", 1, "steps"), [], "too_few_steps", "journeys.0.phases"),
        (("journeys", 0, "phases", 1, "steps", 0, "expectation"), 3, "invalid_input", "journeys.0.phases.1.steps.0.expectation"),
        (("journeys", 0, "phases", 1, "steps", 0, "key"), "confirmed", "duplicate_key", "journeys.0.phases.1.steps.0.key"),
        (("journeys", 0, "phases", 1, "steps", 0, "touchpoint"), "fax", "unknown_touchpoint", "journeys.0.phases.1.steps.0.touchpoint"),
    ],
)  # fmt: skip
def test_it_refuses_what_does_not_fit_and_stores_nothing(
    session: Session,
    workspace: Any,
    apply: Apply,
    smallest: Document,
    path: tuple[Any, ...],
    value: Any,
    code: str,
    field: str,
) -> None:
    place: Any = smallest
    for part in path[:-1]:
        place = place[part]
    place[path[-1]] = value
    with pytest.raises(errors.BadInput) as refusal:
        apply(smallest)
    assert (refusal.value.code, next(iter(refusal.value.fields))) == (code, field)
    assert journeys.touchpoints(session, workspace.workspace_id).items == ()


def test_journeys_that_are_variants_of_one_another_are_refused_with_their_names(
    apply: Apply, smallest: Document
) -> None:
    first = smallest["journeys"][0]
    smallest["journeys"] += [{**first, "key": "third", "variant_of": "second"}]
    smallest["journeys"] += [{**first, "key": "second", "variant_of": "first-order"}]
    apply(smallest)
    first["variant_of"] = "third"
    with pytest.raises(errors.BadInput) as refusal:
        apply({**smallest, "journeys": [first]})
    assert refusal.value.code == "variant_circle"
    assert "first-order -> third -> second -> first-order" in refusal.value.detail


@pytest.mark.parametrize("field", ["definition", "customer_goal", "business_goal", "name", "phases"])
def test_req_024_a_journey_without_its_definition_or_goals_is_refused(
    apply: Apply, smallest: Document, field: str
) -> None:
    del smallest["journeys"][0][field]
    with pytest.raises(errors.BadInput) as refusal:
        apply(smallest)
    assert list(refusal.value.fields) == [f"journeys.0.{field}"]


def test_req_105_a_touchpoint_without_channel_is_refused(apply: Apply, smallest: Document) -> None:
    del smallest["touchpoints"][0]["channel"]
    with pytest.raises(errors.BadInput) as refusal:
        apply(smallest)
    assert refusal.value.fields == {"touchpoints.0.channel": ["Missing data for required field."]}


def test_req_012_the_customers_words_are_shown_first(
    session: Session, workspace: Any, apply: Apply, smallest: Document
) -> None:
    smallest["journeys"][0]["phases"][1]["steps"][0]["customer_name"] = "They come to my home"
    smallest["touchpoints"][1]["customer_name"] = "The visit"
    apply(smallest)
    wid = workspace.workspace_id
    step = journeys.steps(session, wid, journeys.get(session, wid, "first-order"))[1]
    assert step.touchpoint is not None
    assert (step.label, step.step.name) == ("They come to my home", "The technician comes")
    assert (step.touchpoint.label, step.touchpoint.name) == ("The visit", "Technician's visit")


def test_req_026_req_100_goals_and_the_expected_result_stand_in_the_export(
    session: Session, workspace: Any, apply: Apply, smallest: Document
) -> None:
    smallest["journeys"][0]["expected_result"] = "I can call my mother"
    smallest["touchpoints"][1]["expected_result"] = "The light on the box is green"
    apply(smallest)
    text = journeys.export(session, workspace.workspace_id)
    for said in (
        "customer_goal: A working line on the agreed date",
        "business_goal: Activated contracts",
        "expected_result: I can call my mother",
        "expected_result: The light on the box is green",
    ):
        assert said in text


def test_req_099_the_five_groups_of_a_persona_are_kept(
    session: Session, workspace: Any, apply: Apply
) -> None:
    groups = ("demographics", "job", "pain_points", "values_and_goals", "information_behaviour")
    details = {group: f"what the team knows of {group}" for group in groups}
    apply({"personas": [{"key": "mover", "name": "Mara", "details": details}]})
    assert journeys.persona(session, workspace.workspace_id, "mover").details == details


def test_req_108_a_touchpoint_has_several_owners_in_their_order(
    session: Session, workspace: Any, apply: Apply, smallest: Document
) -> None:
    smallest["touchpoints"][1]["owners"] = ["operations", "sales"]
    apply(smallest)
    assert journeys.touchpoint(session, workspace.workspace_id, "installed").owners == ("operations", "sales")


def test_another_workspaces_definitions_are_neither_seen_nor_touched(
    session: Session, workspace: Any, apply: Apply, smallest: Document, time: clock.FixedClock
) -> None:
    apply(smallest)
    other = workspaces.create(session, "Other", time())
    with pytest.raises(errors.NotFound):
        journeys.get(session, other.workspace_id, "first-order")
    assert journeys.plan(session, other.workspace_id, smallest).counts["create"] == 5
