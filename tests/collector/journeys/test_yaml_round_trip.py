"""YAML out and in again loses nothing, and the second export is the first, byte for byte."""

from __future__ import annotations

import dataclasses
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from collector import clock, journeys
from collector.journeys import files, yaml_text
from collector.journeys.definitions import (
    ACTORS,
    CHANNELS,
    PERSONA_GROUPS,
    STAGES,
    STATES,
    Definitions,
    Expectation,
    Journey,
    Persona,
    Phase,
    Service,
    Stakeholder,
    Step,
    Touchpoint,
    free_key,
)

LETTERS = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co"])
NAMES = st.text(LETTERS, min_size=1, max_size=30).filter(str.strip)
TEXTS = st.text(LETTERS | st.sampled_from("\n\t:#'\"-0123456789.e|>&*"), max_size=60)
TRICKY = st.sampled_from(
    ["no", "null", "~", "1", "1.5e3", ".5", "2026-01-01", "- a", "a: b", "a\nb\n", " x", "="]
)
FEELINGS = st.none() | st.integers(-2, 2)
WORDS = st.lists(NAMES, max_size=3, unique=True).map(tuple)
SUBJECTS = tuple(f"p{number}" for number in range(4))
OWNERS = tuple(f"o{number}" for number in range(8))
CONTACTS = tuple(f"t{number}" for number in range(5))


def some(keys: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(keys), max_size=3, unique=True).map(tuple)


def texts(names: tuple[str, ...]) -> st.SearchStrategy[dict[str, str]]:
    return st.dictionaries(st.sampled_from(names), TEXTS, max_size=3)


STEPS = st.builds(
    Step,
    key=st.just("step"),
    name=NAMES | TRICKY,
    customer_name=NAMES | st.just(""),
    action=TEXTS,
    actor=st.sampled_from(ACTORS),
    touchpoint=st.none() | st.sampled_from(CONTACTS),
    milestone=st.booleans(),
    moment_of_truth=st.booleans(),
    expectation=FEELINGS,
    expectation_text=TEXTS,
    expectations=st.dictionaries(
        st.sampled_from(SUBJECTS), st.builds(Expectation, FEELINGS, TEXTS), max_size=2
    ),
    notes=TEXTS | TRICKY,
)


@st.composite
def documents(draw: st.DrawFn) -> Definitions:
    """A sound document: 8 stakeholders, 4 personas, 5 touchpoints and one journey through some of them."""
    steps = draw(st.lists(STEPS, min_size=2, max_size=6))
    steps = [dataclasses.replace(step, key=f"s{index}") for index, step in enumerate(steps)]
    cut = draw(st.integers(0, len(steps)))
    phases: list[Phase] = []
    for part in (steps[:cut], steps[cut:]):
        name = draw(NAMES)
        plain = free_key(name, {phase.key for phase in phases}, "phase")
        key = draw(st.sampled_from([plain, f"own-{len(phases)}"]))
        phases.append(Phase(name, key, tuple(part)))
    serves = st.lists(st.builds(Service, st.sampled_from(OWNERS), TEXTS), max_size=2).map(tuple)
    journey = Journey(
        key="journey",
        name=draw(NAMES | TRICKY.filter(str.strip)),
        definition=draw(NAMES),
        customer_goal=draw(NAMES),
        business_goal=draw(NAMES),
        scenario=draw(NAMES),
        expected_result=draw(TEXTS),
        state=draw(st.sampled_from(STATES)),
        personas=draw(some(SUBJECTS)),
        abandoned_after_days=draw(st.integers(1, 3650)),
        phases=tuple(phases),
    )
    return Definitions(
        tuple(Stakeholder(key, draw(NAMES), draw(TEXTS), draw(serves)) for key in OWNERS),
        tuple(Persona(key, draw(NAMES), draw(TEXTS), draw(texts(PERSONA_GROUPS))) for key in SUBJECTS),
        tuple(
            Touchpoint(
                key=key,
                name=draw(NAMES),
                channel=draw(st.sampled_from(CHANNELS)),
                owners=draw(some(OWNERS)),
                stage=draw(st.sampled_from(STAGES)),
                measurable=draw(st.booleans()),
                feedback_enabled=draw(st.booleans()),
                expectation=draw(TEXTS),
                systems=draw(WORDS),
                tags=draw(WORDS),
            )
            for key in CONTACTS
        ),
        (journey,),
    )


@given(documents())
def test_any_document_reads_back_as_itself(document: Definitions) -> None:
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
    from collector import workspaces

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
