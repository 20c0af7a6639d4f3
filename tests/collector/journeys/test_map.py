"""Where things stand on the map, who owns what, and how much of it is measured."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from collector import clock, journeys
from collector.journeys.definitions import Expectation, Journey, Phase, Stakeholder, Step, Touchpoint
from collector.journeys.layout import Span
from collector.journeys.map_steps import MapStep, join

Document = dict[str, Any]
OWNERS = {"sales": Stakeholder("sales", "Sales"), "field": Stakeholder("field", "Field service")}
TOUCHPOINTS = {
    "shop": Touchpoint("shop", "Shop", "in_person", owners=("sales",), stage="before", systems=("Till",)),
    "page": Touchpoint("page", "Page", "web", owners=("sales",)),
    "visit": Touchpoint("visit", "Visit", "in_person", owners=("field", "sales")),
    "manual": Touchpoint("manual", "Manual", "letter", measurable=False, stage="after"),
}
PHASES = (
    Phase("Choose", "choose", (Step("search", "I search"), Step("ask", "I ask", touchpoint="shop", expectation=1))),
    Phase("Wait", "wait"),
    Phase(
        "Use",
        "use",
        (
            Step("order", "I order", touchpoint="page"),
            Step(
                "visit",
                "They come",
                customer_name="It works",
                touchpoint="visit",
                expectation=2,
                expectation_text="on time",
                expectations={"senior": Expectation(-1), "mover": Expectation(text="in the morning")},
            ),
            Step("read", "I read", touchpoint="manual"),
        ),
    ),
)  # fmt: skip
JOURNEY = Journey("j", "J", "d", "c", "b", phases=PHASES)
STEPS = join(JOURNEY, TOUCHPOINTS, OWNERS, {"visit": 3})


def _runs(layout: journeys.Layout, name: str) -> list[tuple[int, int, tuple[str, ...]]]:
    (lane,) = (lane for lane in layout.lanes if lane.name == name)
    return [(run.span.first, run.span.last, run.words) for run in lane.runs]


def test_req_055_steps_stand_in_the_customers_order() -> None:
    layout = journeys.lay_out(JOURNEY.phases, STEPS)
    assert [step.label for step in layout.steps] == ["I search", "I ask", "I order", "It works", "I read"]
    assert [step.number for step in layout.steps] == [1, 2, 3, 4, 5]


def test_phases_span_their_steps_and_an_empty_one_spans_nothing() -> None:
    layout = journeys.lay_out(JOURNEY.phases, STEPS)
    assert [(column.phase.key, column.span) for column in layout.phases] == [
        ("choose", Span(1, 2)),
        ("wait", None),
        ("use", Span(3, 5)),
    ]
    assert Span(3, 5).width == 3


def test_a_lane_joins_neighbours_that_say_the_same() -> None:
    layout = journeys.lay_out(JOURNEY.phases, STEPS)
    assert _runs(layout, "owners") == [
        (1, 1, ()),
        (2, 3, ("Sales",)),
        (4, 4, ("Field service", "Sales")),
        (5, 5, ()),
    ]
    assert _runs(layout, "channel")[0] == (1, 1, ())
    assert _runs(layout, "expectation") == [
        (1, 1, ()),
        (2, 2, ("+1",)),
        (3, 3, ()),
        (4, 4, ("+2", "on time")),
        (5, 5, ()),
    ]


def test_a_map_without_steps_is_empty() -> None:
    layout = journeys.lay_out((), ())
    assert (layout.columns, layout.phases, [lane.runs for lane in layout.lanes]) == (0, (), [(), (), (), ()])


def test_req_062_what_cannot_be_measured_says_so() -> None:
    assert [step.measurable for step in STEPS] == [False, True, True, True, False]


def test_a_personas_own_expectation_goes_first_and_the_general_one_fills_its_gaps() -> None:
    visit = STEPS[3]
    assert visit.expectation("senior") == Expectation(-1, "on time")
    assert visit.expectation("mover") == Expectation(2, "in the morning")
    assert visit.expectation("somebody") == Expectation(2, "on time")


def test_req_018_the_map_says_since_which_version() -> None:
    assert [step.since for step in STEPS] == [1, 1, 1, 3, 1]


def _shares(rows: Sequence[journeys.Coverage]) -> dict[str, tuple[int, int, int, float | None]]:
    return {row.stage: (row.touchpoints, row.measurable, row.measured, row.share) for row in rows}


def test_req_054_coverage_is_told_by_stage() -> None:
    rows = journeys.coverage(TOUCHPOINTS.values(), {"page"})
    assert _shares(rows) == {"before": (1, 1, 0, 0.0), "during": (2, 2, 1, 0.5), "after": (1, 0, 0, 0.0)}
    assert [row.silent for row in rows] == [("shop",), ("visit",), ()]
    assert rows[2].share_of_measurable is None


def test_coverage_of_nothing_is_no_zero() -> None:
    assert [row.share for row in journeys.coverage((), ())] == [None, None, None]


def test_answers_count_as_measured_also_where_feedback_is_off_now() -> None:
    off = Touchpoint("call", "Call", "phone", feedback_enabled=False)
    (_, during, _) = journeys.coverage([off], {"call"})
    assert (during.measurable, during.measured, during.share_of_measurable) == (1, 1, 1.0)


def test_req_050_several_owners_stand_along_one_journey(
    session: Session, workspace: Any, time: clock.FixedClock, smallest: Document
) -> None:
    wid = workspace.workspace_id
    journeys.apply(session, wid, smallest, "anna", time())
    steps: tuple[MapStep, ...] = journeys.steps(session, wid, journeys.get(session, wid, "first-order"))
    assert [[owner.key for owner in step.owners] for step in steps] == [["sales"], ["operations"]]
    found = journeys.list_journeys(session, wid, owner="operations").items
    assert [journey.key for journey in found] == ["first-order"]
