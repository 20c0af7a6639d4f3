"""Editing in the browser without JavaScript: the set-up, a journey's phases and steps, who may, and what is refused."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy.orm import Session

from collector import journeys

EDIT = "/journeys/first-order/edit"


def order(journey: Any) -> list[tuple[str, list[str]]]:
    return [(phase.name, [step.key for step in phase.steps]) for phase in journey.phases]


def test_a_journey_is_made_from_an_empty_workspace(signed_in: Any, session: Session, workspace: Any) -> None:
    ann = signed_in()
    assert "Name the first owner" in ann.get("/setup").text
    ann.post("/setup/owners", name="Sales")
    assert "Name the first touchpoint" in ann.get("/setup").text
    ann.post("/setup/touchpoints", name="Order page", channel="web", stage="during", owners=["", "sales"])
    assert "Begin the first journey" in ann.get("/setup").text
    facts = {"definition": "From wish to line", "customer_goal": "A line", "business_goal": "Contracts"}
    steps = {"phase": "Order", "step.1": "I look", "step.2": "I order", "step_touchpoint.2": "order-page"}
    made = ann.post("/setup/journeys", name="First order", **facts, **steps)
    assert made.headers["Location"] == f"{EDIT}?at=new-step-order"
    ann.post(EDIT, version=1, do="add-phase", name="Use")
    ann.post(EDIT, version=2, do="add-step", phase="use", name="I call", touchpoint="")
    ann.post(
        f"{EDIT}/steps/i-order",
        version=3,
        name="I order a line",
        touchpoint="order-page",
        milestone="1",
        expectation="-1",
    )
    session.rollback()
    made = journeys.get(session, workspace.workspace_id, "first-order")
    assert order(made) == [("Order", ["i-look", "i-order"]), ("Use", ["i-call"])]
    step = made.steps[1]
    assert (step.name, step.touchpoint, step.milestone, step.moment_of_truth, step.expectation) == (
        "I order a line", "order-page", True, False, -1,
    )  # fmt: skip
    assert "Three steps" not in ann.get("/setup").text


def test_steps_and_phases_are_moved_renamed_and_taken_out(signed_in: Any, journey: Any) -> None:
    ann = signed_in()
    ann.post(EDIT, version=1, do="move-step", step="visit", phase="order", place="0", way="up")
    assert order(journey()) == [("Order", ["visit", "confirmed"]), ("Installation", [])]
    ann.post(EDIT, version=2, do="rename-phase", phase="order", name="Ordering")
    ann.post(EDIT, version=3, do="move-phase", phase="installation", place="0", way="up")
    assert order(journey()) == [("Installation", []), ("Ordering", ["visit", "confirmed"])]
    ann.post(EDIT, version=4, do="remove-phase", phase="installation")
    assert ann.post(EDIT, version=5, do="remove-phase", phase="order").status_code == 409
    ann.post(EDIT, version=5, do="add-step", phase="order", name="I wait", place="1")
    ann.post(EDIT, version=6, do="remove-step", step="visit")
    assert order(journey()) == [("Ordering", ["i-wait", "confirmed"])]
    refused = ann.post(EDIT, version=7, do="remove-step", step="confirmed")
    assert (refused.status_code, "needs at least 2 steps" in refused.text) == (422, True)
    assert ann.post(EDIT, version=7, do="go-back", place="1").status_code == 303
    assert order(journey()) == [("Order", ["confirmed"]), ("Installation", ["visit"])]


def test_the_buttons_lead_over_the_edge_of_a_phase(signed_in: Any, journey: Any, hidden: Any) -> None:
    page = signed_in().get(EDIT).text
    form = re.search(
        r'<form method="post"[^>]*>(?:(?!</form>).)*aria-label="Move “I get my confirmation” down"',
        page,
        re.S,
    )
    assert form
    assert {"step": "confirmed", "phase": "installation", "place": "0"}.items() <= hidden(form[0]).items()


def test_expectations_are_kept_per_persona(signed_in: Any, journey: Any) -> None:
    ann = signed_in()
    ann.post("/setup/personas", name="The family", **{"details.job": "Both work"})
    told = {"expects.the-family": "2", "expects_text.the-family": "On\r\nthe day", "expectation": ""}
    saved = ann.post(
        f"{EDIT}/steps/visit", version=1, name="The technician comes", touchpoint="installed", **told
    )
    assert saved.status_code == 303
    step = journey().steps[1]
    assert (step.expectation, step.expectations["the-family"].value) == (None, 2)
    assert step.expectations["the-family"].text == "On\nthe day"
    assert "+2 delight" in ann.get(f"{EDIT}/steps/visit").text


def test_the_journey_s_own_words_change(signed_in: Any, journey: Any) -> None:
    ann = signed_in()
    facts = {"name": "First line", "definition": "d", "customer_goal": "c", "business_goal": "b"}
    more = {"state": "to_be", "abandoned_after_days": "14", "scenario": "Moving house", "metric": "csat"}
    assert ann.post(f"{EDIT}/facts", version=1, **facts, **more).status_code == 303
    now = journey()
    assert (now.name, now.state, now.abandoned_after_days, now.scenario) == (
        "First line",
        "to_be",
        14,
        "Moving house",
    )
    assert (now.step_count, now.metric) == (2, "csat")
    html = ann.get(EDIT).text
    assert '<option value="csat" selected>CSAT</option>' in html
    ann.post(f"{EDIT}/facts", version=2, **facts, **{**more, "metric": ""})
    assert journey().metric is None


def test_owners_and_touchpoints_keep_what_the_form_says(
    signed_in: Any, journey: Any, session: Session, workspace: Any
) -> None:
    ann = signed_in()
    told = {"serves.sales": "1", "service.sales": "keeps the dates", "description": "The field force"}
    ann.post("/setup/owners/operations", revision=1, name="Operations", **told)
    form = {
        "name": "Visit",
        "channel": "in_person",
        "stage": "after",
        "systems": "CRM\r\nDispatch",
        "tags": "home",
    }
    ann.post("/setup/touchpoints/installed", revision=1, owners=["operations", "sales"], **form)
    session.rollback()
    place = journeys.touchpoint(session, workspace.workspace_id, "installed")
    assert (place.owners, place.systems, place.measurable) == (
        ("operations", "sales"),
        ("CRM", "Dispatch"),
        False,
    )
    (service,) = journeys.stakeholder(session, workspace.workspace_id, "operations").serves
    assert (service.stakeholder, service.service) == ("sales", "keeps the dates")


def test_what_is_in_use_stays_and_the_rest_can_come_back(signed_in: Any, journey: Any) -> None:
    ann = signed_in()
    refused = ann.post("/setup/owners/sales/archive", revision=1)
    assert (refused.status_code, "touchpoint order-confirmed" in refused.text) == (409, True)
    assert ann.post(f"{EDIT}/archive", version=1).status_code == 303
    assert journey().archived_at is not None
    assert ann.post(EDIT, version=1, do="restore").status_code == 303
    assert journey().archived_at is None


def test_every_change_shows_who_and_when(signed_in: Any, journey: Any) -> None:
    ann = signed_in()
    ann.post(EDIT, version=1, do="move-step", step="visit", phase="order", place="0")
    page = ann.get(EDIT).text
    assert "step “The technician comes” moved" in page
    assert "ann@example.com" in page
    assert 'datetime="2026-11-02T10:00' in page


def test_a_form_that_does_not_fit_comes_back_as_it_was_typed(signed_in: Any, journey: Any) -> None:
    ann = signed_in()
    answer = ann.post(
        "/setup/touchpoints/installed", revision=1, name="", channel="web", description="Kept words"
    )
    assert (answer.status_code, "Kept words" in answer.text) == (422, True)
    assert 'aria-invalid="true"' in answer.text
    assert ann.post("/setup/owners", name="Sales", key="sales").status_code == 409
    assert ann.post(f"{EDIT}/steps/visit", version=1, name="x", expectation="7").status_code == 422
    assert ann.post(f"{EDIT}/steps/visit", version=1, name="x\0").status_code == 422
    assert ann.post(EDIT, version=1, do="add-step", phase="order", name=" ").status_code == 422
    assert ann.post(EDIT, version=1, do="dance").status_code == 422
    assert ann.post(EDIT, do="add-phase", name="x").status_code == 422
    assert journey().version == 1


def test_a_member_may_look_but_not_touch(signed_in: Any, journey: Any) -> None:
    signed_in("ann")
    member = signed_in("mia", "member")
    pages = (
        "/setup",
        "/setup/owners",
        "/setup/journeys",
        "/setup/file",
        "/setup/touchpoints/installed",
        EDIT,
        f"{EDIT}/steps/visit",
    )
    for path in pages:
        answer = member.get(path)
        assert answer.status_code == 200, path
        assert "<fieldset" not in answer.text or "disabled>" in answer.text, path
    for path in (
        *pages[1:],
        f"{EDIT}/facts",
        f"{EDIT}/archive",
        "/setup/owners/sales/archive",
        "/setup/file/apply",
    ):
        assert member.post(path, version=1, revision=1, name="x").status_code == 403, path
    assert journey().version == 1


def test_a_form_without_its_token_changes_nothing(signed_in: Any, journey: Any) -> None:
    ann = signed_in()
    for path in (EDIT, f"{EDIT}/facts", "/setup/owners", "/setup/file/apply"):
        assert ann.client.post(path, data={"version": 1, "name": "x"}).status_code == 403
    assert journey().version == 1


def test_strangers_are_led_to_sign_in(client: Any) -> None:
    assert client.get("/setup").headers["Location"].startswith("/sign-in")
