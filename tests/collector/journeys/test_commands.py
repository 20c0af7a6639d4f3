"""The command line's doors: apply, export, lint and import, with the text that they print."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from collector import clock, errors, journeys
from collector.journeys import commands
from collector.journeys.formats import Options
from collector.yaml_marks import FileError

FIXTURES = Path(__file__).parent / "fixtures"


@pytest.fixture
def place(session: Session, workspace: Any) -> tuple[Session, Any]:
    return session, workspace.workspace_id


def test_applying_prints_what_was_done(
    place: tuple[Session, Any], time: clock.FixedClock, smallest_text: str
) -> None:
    text = commands.plan_text(commands.apply(*place, smallest_text, "first.yaml", "cli", time()))
    assert text.splitlines()[-2:] == [
        "+ journey      first-order                  create",
        "5 create",
    ]
    moved = smallest_text.replace("name: The technician comes,", "name: They come,")
    text = commands.plan_text(commands.apply(*place, moved, "first.yaml", "cli", time()))
    assert text.splitlines()[-2:] == [
        "~ journey      first-order                  version 2    step visit: name",
        "1 version, 4 unchanged",
    ]


def test_a_dry_run_changes_nothing(
    place: tuple[Session, Any], time: clock.FixedClock, smallest_text: str
) -> None:
    plan = commands.apply(*place, smallest_text, "first.yaml", "cli", time(), dry_run=True)
    assert plan.counts["create"] == 5
    assert journeys.list_journeys(*place).items == ()


def test_a_mistake_is_named_with_its_line_and_nothing_is_changed(
    place: tuple[Session, Any], time: clock.FixedClock, smallest_text: str
) -> None:
    broken = smallest_text.replace("channel: web", "channel: fax")
    with pytest.raises(FileError, match=r"^first\.yaml:5:\d+: touchpoints\.0\.channel: must be one of: web"):
        commands.apply(*place, broken, "first.yaml", "cli", time())
    assert journeys.touchpoints(*place).items == ()


def test_export_writes_what_apply_read(
    place: tuple[Session, Any], time: clock.FixedClock, smallest_text: str
) -> None:
    commands.apply(*place, smallest_text, "first.yaml", "cli", time())
    exported = commands.export(*place)
    assert exported.losses == ()
    assert commands.apply(*place, exported.text, "again.yaml", "cli", time()).changes_nothing
    diagram = commands.export(*place, "first-order", "mermaid")
    assert "      The technician comes: 4: Customer" in diagram.text
    assert "journeys.steps.touchpoint (2): cannot be said in this format" in commands.losses_text(
        diagram.losses
    )


def test_one_journey_is_exported_with_all_it_refers_to(
    place: tuple[Session, Any], time: clock.FixedClock, smallest_text: str
) -> None:
    commands.apply(*place, smallest_text, "first.yaml", "cli", time())
    more = (
        "stakeholders: [{key: other, name: Other}]\ntouchpoints: [{key: fax, name: Fax, channel: letter}]\n"
    )
    commands.apply(*place, more, "more.yaml", "cli", time())
    text = commands.export(*place, "first-order").text
    assert "key: fax" not in text
    assert "key: other" not in text
    assert "key: operations" in text


def test_lint_prints_warnings_with_their_codes(smallest_text: str) -> None:
    assert commands.warnings_text(commands.lint(smallest_text, "f.yaml")) == "Nothing to complain about."
    unowned = smallest_text.replace(", owners: [sales]", "")
    assert commands.warnings_text(commands.lint(unowned, "f.yaml")) == (
        "f.yaml:5:5: touchpoints.0: nobody owns the touchpoint order-confirmed [unowned_touchpoint]"
    )


def test_an_import_is_planned_applied_and_idempotent(
    place: tuple[Session, Any], time: clock.FixedClock
) -> None:
    raw = (FIXTURES / "order.csv").read_bytes()
    imported = commands.import_(*place, raw, "order.csv", Options())
    assert (
        commands.losses_text(imported.losses)
        == "Lost on the way:\n  column colour (1): no such field here: blue"
    )
    plan = journeys.apply(*place, imported.file.document, "cli", time())
    assert plan.counts["create"] == 8
    again = commands.import_(*place, raw, "order.csv", Options())
    assert journeys.apply(*place, again.file.document, "cli", time()).changes_nothing


def test_facts_come_from_the_importer_and_then_from_the_journey_that_is_there(
    place: tuple[Session, Any], time: clock.FixedClock
) -> None:
    raw = (FIXTURES / "moving-house.mmd").read_bytes()
    with pytest.raises(FileError, match="add --customer-goal TEXT"):
        commands.import_(*place, raw, "m.mmd", Options())
    facts = {"customer_goal": "Online on the first evening", "business_goal": "Keep those who move"}
    first = commands.import_(*place, raw, "m.mmd", Options("moving", facts))
    journeys.apply(*place, first.file.document, "cli", time())
    again = commands.import_(*place, raw, "m.mmd", Options("moving", {"business_goal": "Grow"}))
    plan = journeys.apply(*place, again.file.document, "cli", time())
    assert [item.changes for item in plan.items if item.noun == "journey"] == [("business_goal",)]


def test_req_003_a_csv_of_two_hundred_touchpoints_is_idempotent_by_key(
    place: tuple[Session, Any], time: clock.FixedClock
) -> None:
    rows = "".join(f"t{number},Touchpoint {number},web,Sales\r\n" for number in range(200))
    raw = f"touchpoint,touchpoint_name,channel,owners\r\n{rows}"
    for created in (201, 0):
        imported = commands.import_(*place, raw, "touchpoints.csv", Options())
        plan = journeys.apply(*place, imported.file.document, "cli", time())
        assert plan.counts["create"] == created
    assert plan.changes_nothing


def test_what_is_typed_beside_a_file_becomes_options() -> None:
    options = commands.import_options(
        "help",
        ["Stage=phase", " Emotion =expectation"],
        ["Fax=letter"],
        "1:10",
        True,
        name="Help",
        scenario=None,
    )
    assert (options.journey, options.facts, options.lanes, options.scale) == (
        "help",
        {"name": "Help"},
        True,
        (1, 10),
    )
    assert (options.columns, options.channels) == (
        {"Stage": "phase", "Emotion": "expectation"},
        {"Fax": "letter"},
    )


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ({"columns": ["Stage"]}, "bad_pair"),
        ({"channels": ["=web"]}, "bad_pair"),
        ({"scale": "10:1"}, "bad_scale"),
        ({"scale": "low:high"}, "bad_scale"),
    ],
)
def test_what_is_typed_wrongly_is_named(typed: dict[str, Any], code: str) -> None:
    with pytest.raises(errors.BadInput) as refusal:
        commands.import_options("help", **typed)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("filename", "text"),
    [
        ("house.mmd", "journey\n title T\n Go: 3: Me\n"),
        ("notes.md", "# Notes\n\n```mermaid\njourney\n Go: 3: Me\n```\n"),
        ("house.txt", "journey\n title T\n Go: 3: Me\n"),
        ("visit.xml", "<CJML/>"),
        ("shop.jsonld", '{"@type": "UJGDocument", "nodes": []}'),
        ("steps.csv", "step_name;phase\nA: b;c\n"),
    ],
)
def test_a_file_of_another_tool_says_how_it_comes_in(
    place: tuple[Session, Any], time: clock.FixedClock, filename: str, text: str
) -> None:
    remedy = f"afterword journeys import {filename}"
    with pytest.raises(FileError, match=remedy):
        commands.apply(*place, text.encode(), filename, "me", time())
    with pytest.raises(FileError, match=remedy):
        commands.lint(text.encode(), filename)
