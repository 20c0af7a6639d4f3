"""Editing in small steps: each makes a version, and nobody overwrites anybody in silence."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from sqlalchemy.orm import Session

from collector import clock, db, errors, journeys
from collector.journeys import edit

Document = dict[str, Any]


class Editor:
    """A person who edits the journey ``first-order`` of a workspace."""

    def __init__(self, session: Session, workspace: Any, time: clock.FixedClock) -> None:
        self.session, self.wid, self.time = session, workspace.workspace_id, time

    def do(self, operation: edit.Operation, expected: int | None = None) -> journeys.Journey:
        version = self.journey.version if expected is None else expected
        return journeys.change_journey(
            self.session, self.wid, "first-order", version, operation, "anna", self.time()
        )

    @property
    def journey(self) -> journeys.Journey:
        return journeys.get(self.session, self.wid, "first-order")

    @property
    def order(self) -> dict[str, list[str]]:
        return {phase.key: [step.key for step in phase.steps] for phase in self.journey.phases}


@pytest.fixture
def editor(session: Session, workspace: Any, time: clock.FixedClock, smallest: Document) -> Editor:
    journeys.apply(session, workspace.workspace_id, smallest, "anna", time())
    return Editor(session, workspace, time)


def test_a_renamed_step_keeps_its_key(editor: Editor) -> None:
    journey = editor.do(edit.set_step("visit", name="The line goes live", customer_name="It works!"))
    assert journey.version == 2
    assert journey.steps[1].label == "It works!"
    assert editor.order == {"order": ["confirmed"], "installation": ["visit"]}


def test_a_step_moves_within_and_between_phases(editor: Editor) -> None:
    editor.do(edit.move_step("visit", "order", 0))
    assert editor.order == {"order": ["visit", "confirmed"], "installation": []}
    editor.do(edit.move_step("visit", "order"))
    assert editor.order["order"] == ["confirmed", "visit"]


def test_a_new_step_gets_a_key_of_its_own(editor: Editor) -> None:
    editor.do(edit.add_step("order", "Visit", 0, touchpoint="installed"))
    editor.do(edit.add_step("order", "Größe wählen"))
    editor.do(edit.add_step("order", "配送"))
    assert editor.order["order"] == ["visit-2", "confirmed", "grosse-wahlen", "step"]


def test_phases_are_added_renamed_moved_and_removed(editor: Editor) -> None:
    editor.do(edit.add_phase("Use", 0))
    editor.do(edit.rename_phase("use", "Daily life"))
    editor.do(edit.move_phase("installation", 0))
    assert list(editor.order) == ["installation", "use", "order"]
    assert editor.journey.phases[1].name == "Daily life"
    editor.do(edit.remove_phase("use"))
    assert list(editor.order) == ["installation", "order"]
    with pytest.raises(errors.Conflict):
        editor.do(edit.remove_phase("order"))


def test_req_019_expectations_are_set_by_step_and_persona(editor: Editor) -> None:
    persona = journeys.Persona("mover", "Mara")
    journeys.save(editor.session, editor.wid, persona, None, "anna", editor.time())
    editor.do(edit.set_expectation("visit", 1, "on time"))
    editor.do(edit.set_expectation("visit", -2, "waits all day", persona="mover"))
    step = journeys.steps(editor.session, editor.wid, editor.journey)[1]
    assert (step.expectation().value, step.expectation("mover").value) == (1, -2)
    editor.do(edit.set_expectation("visit", None, persona="mover"))
    assert journeys.steps(editor.session, editor.wid, editor.journey)[1].expectation("mover").value == 1


def test_an_edit_that_changes_nothing_makes_no_version(editor: Editor) -> None:
    assert editor.do(edit.set_step("visit", name="The technician comes")).version == 1


def test_req_113_a_to_be_copy_knows_its_original(editor: Editor) -> None:
    copy = edit.variant(editor.journey, "first-order-to-be", "First order, as it should be", state="to_be")
    journeys.save(editor.session, editor.wid, copy, None, "anna", editor.time())
    saved = journeys.get(editor.session, editor.wid, "first-order-to-be")
    assert (saved.variant_of, saved.state, saved.touchpoints) == (
        "first-order",
        "to_be",
        editor.journey.touchpoints,
    )


def test_two_people_never_overwrite_each_other_in_silence(editor: Editor) -> None:
    editor.do(edit.set_step("visit", name="Anna's words"))
    with pytest.raises(errors.Stale) as refusal:
        editor.do(edit.set_step("visit", name="Ben's words"), expected=1)
    assert refusal.value.fields == {"revision": ["is 2 now"]}
    assert editor.journey.steps[1].name == "Anna's words"


def test_a_session_that_read_before_sees_what_another_one_wrote(
    engine: Any, editor: Editor, time: clock.FixedClock
) -> None:
    before = editor.journey
    editor.session.commit()
    with db.make_sessions(engine).begin() as other:
        journeys.change_journey(
            other, editor.wid, "first-order", 1, edit.set_facts(name="By Ben"), "ben", time()
        )
    with pytest.raises(errors.Stale):
        editor.do(edit.set_facts(name="By Anna"), expected=before.version)
    assert (editor.journey.name, editor.journey.applied_by) == ("By Ben", "ben")


def test_a_touchpoint_read_at_an_old_revision_is_not_saved(editor: Editor) -> None:
    old = journeys.touchpoint(editor.session, editor.wid, "installed")
    owners = dataclasses.replace(old, owners=("sales", "operations"))
    saved = journeys.save(editor.session, editor.wid, owners, old.revision, "anna", editor.time())
    assert (saved.verb, saved.number, saved.changes) == ("change", 2, ("owners",))
    assert journeys.touchpoint(editor.session, editor.wid, "installed").owners == ("sales", "operations")
    with pytest.raises(errors.Stale):
        journeys.change(editor.session, editor.wid, old, old.revision, {"name": "X"}, "ben", editor.time())


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        (edit.set_step("nowhere", name="x"), "unknown_step"),
        (edit.move_step("visit", "nowhere"), "unknown_phase"),
        (edit.remove_step("nowhere"), "unknown_step"),
        (edit.remove_step("visit"), "too_few_steps"),
        (edit.set_step("visit", touchpoint="fax"), "unknown_touchpoint"),
        (edit.set_expectation("visit", 7), "invalid_input"),
        (edit.set_expectation("visit", 1, persona="nobody"), "unknown_persona"),
        (edit.set_step("visit", name="  "), "invalid_input"),
        (edit.set_facts(definition=""), "invalid_input"),
    ],
)
def test_an_edit_that_does_not_fit_changes_nothing(
    editor: Editor, operation: edit.Operation, code: str
) -> None:
    with pytest.raises(errors.AfterwordError) as refusal:
        editor.do(operation)
    assert refusal.value.code == code
    assert editor.journey.version == 1


def test_what_is_in_use_is_not_archived(editor: Editor) -> None:
    session, wid, now = editor.session, editor.wid, editor.time()
    with pytest.raises(errors.Conflict) as refusal:
        journeys.archive(session, wid, journeys.touchpoint(session, wid, "installed"), 1, "anna", now)
    assert refusal.value.fields == {"used_by": ["journey first-order"]}
    with pytest.raises(errors.Conflict):
        journeys.archive(session, wid, journeys.stakeholder(session, wid, "sales"), 1, "anna", now)


def test_an_archived_journey_is_off_the_list_and_comes_back(editor: Editor, smallest: Document) -> None:
    session, wid, now = editor.session, editor.wid, editor.time()
    journeys.archive(session, wid, editor.journey, 1, "anna", now)
    assert journeys.list_journeys(session, wid).items == ()
    assert [item.key for item in journeys.list_journeys(session, wid, archived=True).items] == ["first-order"]
    assert journeys.shown_version(session, wid, "first-order") is None
    journeys.archive(session, wid, journeys.touchpoint(session, wid, "installed"), 1, "anna", now)
    with pytest.raises(errors.BadInput):
        journeys.apply(session, wid, {"journeys": smallest["journeys"]}, "anna", now)
    plan = journeys.apply(session, wid, smallest, "anna", now)
    assert {item.key: item.verb for item in plan.items if item.verb != "unchanged"} == {
        "installed": "restore",
        "first-order": "restore",
    }
    assert journeys.shown_version(session, wid, "first-order") == 1
