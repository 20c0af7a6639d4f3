"""YAML out and in again loses nothing, and the second export is the first, byte for byte."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from collector import clock, journeys, workspaces
from collector.journeys import files, yaml_text
from collector.journeys.definitions import (
    CHANNELS,
    PERSONA_GROUPS,
    Definitions,
    Expectation,
    Journey,
    Persona,
    Phase,
    Service,
    Stakeholder,
    Step,
    Touchpoint,
)

OWNERS = tuple(f"o{number}" for number in range(8))
SUBJECTS = tuple(f"p{number}" for number in range(4))


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_any_document_reads_back_as_itself(
    documents: st.SearchStrategy[Definitions], data: st.DataObject
) -> None:
    document = data.draw(documents)
    text = yaml_text.write(document)
    again = files.load(text, "again.yaml").document
    assert again == document
    assert yaml_text.write(again) == text


def big() -> Definitions:
    """60 steps, 8 owners, 4 personas: what the requirement names."""
    expectations = {"p1": Expectation(-1, "thinks it will take long"), "p3": Expectation(2)}
    contacts = tuple(
        Touchpoint(
            f"t{number:02}",
            f"Touchpoint No. {number}",
            CHANNELS[number % 10],
            owners=(OWNERS[number % 8], OWNERS[(number + 3) % 8]),
            systems=("CRM", "Billing: old"),
        )
        for number in range(40)
    )
    steps = tuple(
        Step(
            f"s{number:02}",
            f"Schritt {number}: Größe prüfen",
            action="First line\nsecond line",
            touchpoint=contacts[number % 40].key if number % 5 else None,
            expectation=number % 5 - 2,
            expectations=expectations if number % 7 == 0 else {},
        )
        for number in range(60)
    )
    phases = tuple(
        Phase(f"Phase {number}", f"phase-{number}", steps[number * 12 : number * 12 + 12])
        for number in range(5)
    )
    return Definitions(
        tuple(Stakeholder(key, key.upper(), serves=(Service("o1", "data"),)) for key in OWNERS),
        tuple(
            Persona(key, f"Persona {key}", details=dict.fromkeys(PERSONA_GROUPS, "text")) for key in SUBJECTS
        ),
        contacts,
        (Journey("all", "All of it", "d", "c", "b", personas=SUBJECTS, phases=phases),),
    )


def test_export_apply_export_is_the_same_byte_for_byte(
    session: Session, workspace: Any, time: clock.FixedClock
) -> None:
    wid = workspace.workspace_id
    journeys.apply(session, wid, big(), "anna", time())
    first = journeys.export(session, wid)
    plan = journeys.apply(session, wid, files.load(first, "export.yaml").document, "anna", time())
    assert plan.changes_nothing
    assert journeys.export(session, wid) == first
    assert first.count("touchpoint:") == 48


def test_the_export_goes_into_an_empty_workspace_and_comes_out_the_same(
    session: Session, workspace: Any, time: clock.FixedClock
) -> None:
    journeys.apply(session, workspace.workspace_id, big(), "anna", time())
    first = journeys.export(session, workspace.workspace_id)
    other = workspaces.create(session, "Other", time()).workspace_id
    journeys.apply(session, other, files.load(first, "export.yaml").document, "ben", time())
    assert journeys.export(session, other) == first


def test_the_smallest_file_exported_and_applied_again_changes_nothing(
    session: Session, workspace: Any, time: clock.FixedClock, smallest_text: str
) -> None:
    wid = workspace.workspace_id
    journeys.apply(session, wid, files.load(smallest_text, "s.yaml").document, "anna", time())
    exported = journeys.export(session, wid)
    assert journeys.apply(session, wid, files.load(exported, "e.yaml").document, "a", time()).changes_nothing
    assert journeys.apply(
        session, wid, files.load(smallest_text, "s.yaml").document, "a", time()
    ).changes_nothing


def test_an_empty_workspace_exports_an_empty_file(session: Session, workspace: Any) -> None:
    assert journeys.export(session, workspace.workspace_id) == "{}\n"
    assert files.load("{}\n", "e.yaml").document == Definitions()
