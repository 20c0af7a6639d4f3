"""Two people edit at once: nobody overwrites anybody in silence, and nobody types twice."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from collector import journeys

EDIT = "/journeys/first-order/edit"
VISIT = f"{EDIT}/steps/visit"


def test_the_second_sees_both_values_and_nothing_is_stored(signed_in: Any, journey: Any) -> None:
    ann, bob = signed_in("ann"), signed_in("bob")
    ann.post(VISIT, version=1, name="The engineer comes", touchpoint="installed")
    answer = bob.post(VISIT, version=1, name="Somebody comes", touchpoint="installed", milestone="1")
    assert answer.status_code == 412
    assert all(
        said in answer.text for said in ("The technician comes", "The engineer comes", "Somebody comes")
    )
    assert "ann@example.com" in answer.text
    assert journey().steps[1].name == "The engineer comes"


def test_the_second_s_change_is_applied_on_top_once_chosen(signed_in: Any, journey: Any, hidden: Any) -> None:
    ann, bob = signed_in("ann"), signed_in("bob")
    ann.post(VISIT, version=1, name="The engineer comes", touchpoint="installed", notes="Rings twice")
    typed = {"touchpoint": "installed", "moment_of_truth": "1", "expectation": "1", "milestone": "1"}
    answer = bob.post(VISIT, version=1, name="Somebody comes", **typed)
    carried = hidden(answer.text)
    assert "name" not in carried
    saved = bob.post(VISIT, **carried, name="Somebody comes")
    assert saved.status_code == 303
    step = journey().steps[1]
    assert (step.name, step.notes, step.milestone, step.expectation) == (
        "Somebody comes",
        "Rings twice",
        True,
        None,
    )


def test_a_move_is_told_in_words_and_may_be_repeated(signed_in: Any, journey: Any, hidden: Any) -> None:
    ann, bob = signed_in("ann"), signed_in("bob")
    ann.post(EDIT, version=1, do="add-phase", name="Use")
    answer = bob.post(EDIT, version=1, do="move-step", step="visit", phase="order", place="0")
    assert answer.status_code == 412
    assert "Move the step “The technician comes”" in answer.text
    assert "phase “Use” added" in answer.text
    assert [phase.name for phase in journey().phases] == ["Order", "Installation", "Use"]
    assert bob.post(EDIT, **hidden(answer.text)).status_code == 303
    assert [step.key for step in journey().phases[0].steps] == ["visit", "confirmed"]


def test_a_step_that_is_gone_cannot_be_saved_by_mistake(signed_in: Any, journey: Any) -> None:
    ann, bob = signed_in("ann"), signed_in("bob")
    ann.post(EDIT, version=1, do="add-step", phase="order", name="I wait")
    ann.post(EDIT, version=2, do="remove-step", step="visit")
    answer = bob.post(VISIT, version=1, name="Somebody comes", touchpoint="installed")
    assert (answer.status_code, "was taken out meanwhile" in answer.text) == (412, True)
    moved = bob.post(EDIT, version=3, do="move-step", step="visit", phase="order", place="0")
    assert (moved.status_code, "has no step visit" in moved.text) == (404, True)


def test_facts_touchpoints_and_archiving_are_guarded_too(
    signed_in: Any, journey: Any, session: Session, workspace: Any, hidden: Any
) -> None:
    ann, bob = signed_in("ann"), signed_in("bob")
    form = {"name": "Home visit", "channel": "in_person", "stage": "during", "owners": "operations"}
    ann.post(
        "/setup/touchpoints/installed",
        revision=1,
        measurable="1",
        feedback_enabled="1",
        form_enabled="1",
        **form,
    )
    mine = {**form, "name": "Technician's visit", "tags": "home"}
    answer = bob.post(
        "/setup/touchpoints/installed",
        revision=1,
        measurable="1",
        feedback_enabled="1",
        form_enabled="1",
        **mine,
    )
    assert (answer.status_code, "Home visit" in answer.text) == (412, True)
    assert bob.post("/setup/touchpoints/installed", **hidden(answer.text)).status_code == 303
    session.rollback()
    place = journeys.touchpoint(session, workspace.workspace_id, "installed")
    assert (place.name, place.tags, place.owners, place.revision) == (
        "Home visit",
        ("home",),
        ("operations",),
        3,
    )
    session.rollback()
    ann.post(f"{EDIT}/facts", version=1, name="A", definition="d", customer_goal="c", business_goal="b")
    facts = {"name": "B", "definition": "d", "customer_goal": "c", "business_goal": "b"}
    assert bob.post(f"{EDIT}/facts", version=1, **facts).status_code == 412
    assert bob.post(f"{EDIT}/archive", version=1).status_code == 412
    assert bob.post("/setup/touchpoints/installed/archive", revision=1).status_code == 412
    assert journey().name == "A"
