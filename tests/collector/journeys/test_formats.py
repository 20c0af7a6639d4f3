"""Other people's formats: what a file says comes in with a list of what does not, and the way out is as honest."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.journeys import formats
from collector.journeys.definitions import Definitions, Journey, Persona, Phase, Stakeholder, Step, Touchpoint
from collector.journeys.formats import Options

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
