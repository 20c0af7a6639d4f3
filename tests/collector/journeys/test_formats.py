"""Other people's formats: what a file says comes in with a list of what does not, and the way out is as honest."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector import errors
from collector.journeys import files, formats
from collector.journeys.definitions import Definitions, Journey, Persona, Phase, Stakeholder, Step, Touchpoint
from collector.journeys.formats import Options
from collector.yaml_marks import FileError

FIXTURES = Path(__file__).parent / "fixtures"
FACTS = {"name": "Help", "definition": "d", "customer_goal": "c", "business_goal": "b"}
LANES = Options(
    journey="help",
    facts=FACTS,
    columns={
        "Stage": "phase",
        "Step title": "step_name",
        "Channels": "channel",
        "Touchpoint": "touchpoint_name",
        "Emotion": "expectation",
    },
    lanes=True,
    scale=(1, 10),
)


def _read(filename: str, options: Options = Options(facts=FACTS)) -> formats.Imported:  # noqa: B008
    return formats.read(formats.guess(filename), (FIXTURES / filename).read_bytes(), filename, options)


def _lost(losses: tuple[formats.Loss, ...]) -> dict[str, int]:
    return {loss.field: loss.count for loss in losses}


def _steps(document: Definitions) -> list[tuple[str, str | None, int | None]]:
    (journey,) = document.journeys
    return [(step.key, step.touchpoint, step.expectation) for step in journey.steps]


def test_req_115_a_csv_of_steps_comes_in() -> None:
    imported = _read("order.csv")
    document = imported.file.document
    assert _steps(document) == [
        ("i-search-the-web", None, -1),
        ("i-ask-in-the-shop", "shop", 1),
        ("i-get-my-confirmation", "order-confirmation", 2),
        ("the-technician-comes", "visit", 0),
        ("i-call-the-hotline", "hotline", None),
    ]
    assert [phase.name for phase in document.journeys[0].phases] == ["Consider", "Order", "Install"]
    channels = {item.key: (item.channel, item.owners) for item in document.touchpoints}
    assert channels["visit"] == ("in_person", ("field",))
    assert channels["order-confirmation"] == ("email", ("sales",))
    assert _lost(imported.losses) == {"column colour": 1}


def test_req_116_the_lanes_of_a_mapping_tool_come_in() -> None:
    imported = _read("lanes.csv", LANES)
    assert _steps(imported.file.document) == [
        ("hear-of-it", "friend-s-post", 1),
        ("compare", "price-page", -1),
        ("call-for-help", "support-call", -2),
    ]
    assert [phase.name for phase in imported.file.document.journeys[0].phases] == ["Discover", "Use"]
    assert _lost(imported.losses) == {"column Storyboard": 3, "steps.expectation": 2}


def test_req_115_a_mermaid_journey_comes_in() -> None:
    imported = _read("moving-house.mmd")
    (journey,) = imported.file.document.journeys
    assert journey.definition == "From the decision to move to the first evening online"
    assert _steps(imported.file.document)[:3] == [
        ("compare-the-offers", None, 1),
        ("order-in-the-shop", None, 2),
        ("stay-at-home-for-the-technician", None, -2),
    ]
    assert journey.steps[3].actor == "company"
    assert journey.personas == ("mara",)
    assert _lost(imported.losses) == {"title": 1, "comment": 1}


def test_req_115_a_cjml_journey_comes_in_without_what_was_lived_through() -> None:
    imported = _read("visit.cjml")
    document = imported.file.document
    (journey,) = document.journeys
    assert [(phase.name, len(phase.steps)) for phase in journey.phases] == [("Appointment", 1), ("Visit", 2)]
    assert [step.label for step in journey.steps] == [
        "I read when they come",
        "I clear the hall",
        "I open the door",
    ]
    assert [(item.key, item.channel, item.owners) for item in document.touchpoints] == [
        ("t1", "sms", ("field-service",)),
        ("t3", "in_person", ("field-service",)),
    ]
    assert all(step.expectation is None for step in journey.steps)
    assert _lost(imported.losses) == {
        "plannedReference": 1,
        "compliance": 1,
        "timestamps.timeReceived": 1,
        "touchpointExperience.experienceRating": 1,
    }


def test_req_115_a_ujg_graph_comes_in_in_the_order_of_its_transitions() -> None:
    imported = _read("checkout.jsonld")
    assert _steps(imported.file.document) == [
        ("address", None, None),
        ("pay", "shop", None),
        ("confirmed", "mail", None),
    ]
    assert [phase.name for phase in imported.file.document.journeys[0].phases] == ["Checkout", "Afterwards"]
    assert _lost(imported.losses) == {
        "imports": 1,
        "PainPoint": 1,
        "ExperienceStep.tags": 1,
        "State.label": 3,
        "touchpointRefs": 1,
    }


@pytest.mark.parametrize("filename", ["order.csv", "moving-house.mmd", "visit.cjml", "checkout.jsonld"])
@pytest.mark.parametrize("name", list(formats.FORMATS))
def test_what_came_in_goes_out_in_each_format_and_in_again(filename: str, name: str) -> None:
    document = _read(filename).file.document
    text, losses = formats.write(name, document)
    options = Options(journey=document.journeys[0].key, facts=FACTS)
    again = formats.read(name, text, "again", options).file.document
    names = [[step.label for step in each.journeys[0].steps] for each in (document, again)]
    assert names[0] == names[1]
    if name in {"csv", "ujg"}:
        assert (again, losses) == (document, ())
    else:
        assert {"journeys.customer_goal", "journeys.business_goal"} <= _lost(losses).keys()


def test_what_a_format_cannot_say_is_listed_field_by_field() -> None:
    document = Definitions(
        (Stakeholder("sales", "Sales", "Sells"),),
        (Persona("p", "Paul"),),
        (Touchpoint("shop", "Shop", "in_person", owners=("sales",), systems=("Till",)),),
        (
            Journey(
                "j",
                "A: first; #1",
                "d",
                "c",
                "b",
                personas=("p",),
                phases=(
                    Phase("All", "all", (Step("s", "S", touchpoint="shop", milestone=True), Step("t", "T"))),
                ),
            ),
        ),
    )
    text, losses = formats.write("mermaid", document)
    assert "title A – first, No. 1" in text
    assert _lost(losses) == {
        "journeys.business_goal": 1,
        "journeys.customer_goal": 1,
        "journeys.key": 1,
        "journeys.name": 1,
        "journeys.personas": 1,
        "journeys.steps.expectation": 2,
        "journeys.steps.milestone": 1,
        "journeys.steps.touchpoint": 1,
        "personas": 1,
        "stakeholders": 1,
        "touchpoints": 1,
    }
    assert _lost(formats.write("csv", document)[1]) == {"stakeholders.description": 1}
    assert formats.write("ujg", document)[1] == ()


def test_a_csv_cell_that_looks_like_a_formula_does_no_harm_and_comes_back() -> None:
    step = Step("s", "=HYPERLINK(1)", action="-1+1", notes="'=twice", expectation=-2)
    journey = Journey("j", "@name", "+d", "c", "b", phases=(Phase("P", "p", (step, Step("t", "T"))),))
    text, losses = formats.write("csv", Definitions(journeys=(journey,)))
    assert "'=HYPERLINK(1)" in text
    assert not any(cell.startswith(("=", "@", "+")) for line in text.splitlines() for cell in line.split(","))
    assert losses == ()


def test_req_003_two_hundred_rows_of_touchpoints_come_in() -> None:
    rows = "".join(f"t{number},Touchpoint {number},web,Sales\r\n" for number in range(200))
    text = f"touchpoint,touchpoint_name,channel,owners\r\n{rows}"
    document = formats.read("csv", text, "touchpoints.csv").file.document
    assert len(document.touchpoints) == 200
    assert document.journeys == ()


def test_words_for_channels_can_be_given() -> None:
    text = "touchpoint_name,channel\nOrder by fax,Fax\n"
    document = formats.read("csv", text, "f.csv", Options(channels={"fax": "letter"})).file.document
    assert document.touchpoints[0].channel == "letter"


def test_a_file_may_build_on_what_the_workspace_has() -> None:
    text = "journey,journey_name,definition,customer_goal,business_goal,step_name\n1,N,d,c,b,A\n,,,,,B\n"
    assert len(formats.read("csv", text, "f.csv").file.document.journeys[0].steps) == 2


STEPS = "journey,journey_name,definition,customer_goal,business_goal,phase,step,step_name,touchpoint,channel,expectation\n"


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("csv", "", (1, "empty")),
        ("csv", STEPS + "j,J,d,c,b,P,a,A,,,\nj,,,,,P,b,B,x,Pigeon,\n", (3, "unknown_channel")),
        ("csv", STEPS + "j,J,d,c,b,P,a,A,,,9\n", (2, "invalid")),
        ("csv", STEPS + "j,J,d,c,b,P,a,A,x,web,\nj,,,,,P,b,B,x,app,\n", (3, "contradiction")),
        ("csv", STEPS + "j,J,d,c,b,P,a,A,,,\nj,,,,,P,a,B,,,\n", (3, "duplicate_key")),
        ("csv", STEPS + "j,J,,c,b,P,a,A,,,\nj,,,,,P,b,B,,,\n", (2, "missing")),
        ("csv", STEPS + ",,,,,P,a,A,,,\n", (2, "missing")),
        ("csv", STEPS + 'j,"J\nx', (2, "not_csv")),
        ("csv", "step_name\nx", (2, "missing")),
        ("mermaid", "", (1, "not_mermaid")),
        ("mermaid", "graph TD\n a --> b", (1, "not_mermaid")),
        ("mermaid", "journey\n title T\n section S\n  Wait: 7: Me", (4, "invalid")),
        ("mermaid", "journey\n title T\n nonsense", (3, "not_mermaid")),
        ("mermaid", "journey\n  Go: 3\n  Come: 3", (1, "missing")),
        ("cjml", "<CJML", (1, "not_xml")),
        ("cjml", "", (1, "not_xml")),
        ("cjml", "<html/>", (1, "not_cjml")),
        ("cjml", "<CJML/>", (1, "not_cjml")),
        ("cjml", '<!DOCTYPE CJML [<!ENTITY a "b">]>\n<CJML>&a;</CJML>', (1, "doctype")),
        ("cjml", '<!DOCTYPE CJML SYSTEM "file:///etc/passwd">\n<CJML/>', (1, "doctype")),
        ("cjml", "<CJML>\n&xxe;</CJML>", (2, "not_xml")),
        ("cjml", "<a>" * 100, (1, "too_deep")),
        ("cjml", "<CJML>\n<plannedJourney><journeyID>J</journeyID><touchpoints>\n<plannedCommunicationPoint/></touchpoints></plannedJourney></CJML>", (3, "missing")),
        ("ujg", "{", (1, "not_json")),
        ("ujg", "[]", (1, "not_ujg")),
        ("ujg", '{"nodes": [1]}', (1, "not_ujg")),
        ("ujg", '{"nodes": []}', (1, "missing")),
        ("ujg", "[" * 100_000, (1, "too_deep")),
    ],
)  # fmt: skip
def test_a_malformed_file_is_refused_with_its_line(name: str, text: str, problem: tuple[int, str]) -> None:
    with pytest.raises(FileError) as refusal:
        formats.read(name, text, "bad")
    first = refusal.value.problems[0]
    assert (first.line, first.code) == problem, refusal.value


@pytest.mark.parametrize("name", list(formats.FORMATS))
@pytest.mark.parametrize("raw", [b"\xff\xfe", b"a\x00b", b"x" * 1_000_001])
def test_what_is_no_text_is_refused_in_every_format(name: str, raw: bytes) -> None:
    with pytest.raises(FileError):
        formats.read(name, raw, "bad")


def test_an_unknown_format_and_an_unknown_ending_are_named() -> None:
    with pytest.raises(errors.BadInput, match="csv, mermaid, cjml, ujg"):
        formats.read("xlsx", "", "bad")
    with pytest.raises(errors.BadInput, match=r"journey\.xlsx"):
        formats.guess("journey.xlsx")
    with pytest.raises(errors.BadInput, match="one journey"):
        formats.write("cjml", Definitions())


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_ujg_loses_empty_phases_only_and_csv_says_what_it_loses(
    documents: st.SearchStrategy[Definitions], data: st.DataObject
) -> None:
    document = data.draw(documents)
    assert _lost(formats.write("ujg", document)[1]).keys() <= {
        "journeys.phases"
    }  # an empty phase has no node
    text, losses = formats.write("csv", document)
    again = formats.read("csv", text, "again.csv").file.document
    assert (again == document) <= (not losses)
    kept = {
        "journeys.steps.touchpoint",
        "journeys.steps.expectation",
    }
    assert not kept & _lost(losses).keys()


NODES = st.fixed_dictionaries(
    {"@id": st.text(max_size=5), "@type": st.sampled_from(["Journey", "State", "ExperienceStep", "Touchpoint", "x"])},
    optional={
        "label": st.text(max_size=3),
        "stateRefs": st.lists(st.text(max_size=2)) | st.integers(),
        "touchpointRefs": st.lists(st.text(max_size=2)),
        "channel": st.sampled_from(["web", "?"]),
        "startState": st.text(max_size=2),
        "extensions": st.dictionaries(
            st.just("urn:afterword:journey-file"),
            st.dictionaries(
                st.sampled_from(["key", "name", "phases", "personas", "stakeholders", "owners", "expectation"]),
                st.none() | st.integers() | st.text(max_size=3) | st.lists(st.integers() | st.dictionaries(st.just("key"), st.integers())),
            ),
        ),
    },
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(NODES, max_size=5))
def test_any_ujg_is_read_or_refused(nodes: list[dict[str, Any]]) -> None:
    _read_or_refuse("ujg", json.dumps({"nodes": nodes}))


@settings(deadline=None)
@given(
    st.sampled_from(list(formats.FORMATS)),
    st.text(max_size=60)
    | st.text("journey\n title:12,;\"'<>&/CJML{}[]", max_size=60).map(lambda rest: f"journey\n{rest}")
    | st.text('step_name,journey;\n"\t=', max_size=60).map(lambda rest: f"step_name,journey\n{rest}"),
)
def test_any_text_is_read_or_refused(name: str, text: str) -> None:
    _read_or_refuse(name, text)


def _read_or_refuse(name: str, text: str) -> None:
    with suppress(FileError):
        imported = formats.read(name, text, "any", Options(journey="any", facts=FACTS))
        assert imported.file.document == files.check(imported.file.source).document
