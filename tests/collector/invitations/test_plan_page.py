"""The asking plan in the browser: each step's share, what it brings, and what is saved."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from collector import clock, errors, invitations, journeys, surveys, workspaces
from collector.invitations import plan_page
from collector.invitations.forecast import Forecast, Reach, forecast
from collector.journeys import END, Asking

STOPS = [("confirmed", "order-confirmed"), ("visit", "installed"), ("again", "order-confirmed")]
ASKED = {"order-confirmed", "installed"}
KNOWN = Forecast(90, {"order-confirmed": Reach(900, 60.0, False), "installed": Reach(300, 20.0, False)})
Send = Callable[..., Any]


def test_each_place_has_one_row_with_what_its_share_brings() -> None:
    rows = plan_page.rows(Asking("spread", {"confirmed": 3, "visit": 1}), STOPS, ASKED, False, KNOWN)
    assert [(row.key, row.weight, row.answers) for row in rows] == [
        ("confirmed", 75, 45.0),
        ("visit", 25, 5.0),
    ]
    assert [row.days_until(30) for row in rows] == [20, 182]


def test_only_the_end_asks_where_the_plan_says_so() -> None:
    rows = plan_page.rows(Asking("end"), STOPS, ASKED, True, KNOWN)
    assert [(row.key, row.share) for row in rows] == [("confirmed", 0.0), ("visit", 0.0), (END, 1.0)]
    assert rows[-1].days_until(30) is None


def read(form: dict[str, str], before: Asking | None = None, asked: set[str] = ASKED) -> Asking:
    return plan_page.read(form, before or Asking(), plan_page.places(STOPS, asked, False), STOPS)


def test_equal_shares_are_none() -> None:
    assert read({"mode": "spread", "share.confirmed": "40", "share.visit": "40"}) == Asking("spread")


def test_shares_of_steps_that_do_not_ask_now_are_kept() -> None:
    before = Asking("spread", {"confirmed": 1, "visit": 7})
    given = {"mode": "spread", "share.confirmed": "40"}
    assert read({**given, "share.visit": "10"}, before).shares == {"confirmed": 40, "visit": 10}
    both = plan_page.read(
        {**given, "share.end": "10"}, before, plan_page.places(STOPS, {"order-confirmed"}, True), STOPS
    )
    assert both.shares == {"visit": 350, "confirmed": 40, END: 10}, "seven times what is asked, as before"


def test_saving_the_form_as_it_stands_silences_no_step() -> None:
    plan = Asking("spread", {"confirmed": 1, "visit": 300})
    rows = plan_page.rows(plan, STOPS, ASKED, False, KNOWN)
    saved = read({"mode": "spread", **{f"share.{row.key}": str(row.weight) for row in rows}}, plan)
    assert all(saved.shares.values())


@pytest.mark.parametrize("share", ["-1", "101", "x", "1.5"])
def test_what_is_no_share_is_refused_by_name(share: str) -> None:
    with pytest.raises(errors.BadInput) as refused:
        read({"mode": "spread", "share.confirmed": share, "share.visit": "1"})
    assert "share.confirmed" in refused.value.fields


def test_a_plan_that_asks_nobody_is_refused() -> None:
    with pytest.raises(errors.BadInput):
        read({"mode": "spread", "share.confirmed": "0", "share.visit": ""})


def test_the_forecast_counts_ways_not_triggers(
    session: Session, company: workspaces.Workspace, time: clock.FixedClock, send: Send
) -> None:
    surveys.get(session, company.workspace_id, "visit-csat").policy = {}
    session.commit()
    for number in range(20):
        way = {"customer": f"c-{number}", "journey_instance": f"way-{number}"}
        send(touchpoint="order-confirmed", **way)
        send(touchpoint="order-confirmed", **way)
    time.move(days=30)
    known = forecast(session, company.workspace_id, "first-order", "installed", time())
    assert (known.days, known["order-confirmed"].ways, known["installed"].ways) == (30, 20, 0)
    assert known["order-confirmed"].rate_is_assumed
    assert round(known["order-confirmed"].answers, 1) == round(20 * 0.2 / 30 * 30.4, 1)


def test_who_may_not_be_asked_is_not_expected_to_answer(
    session: Session, company: workspaces.Workspace, time: clock.FixedClock, send: Send, set_policy: Any
) -> None:
    set_policy(sample=0)
    for number in range(5):
        send(touchpoint="order-confirmed", journey_instance=f"way-{number}", customer=f"c-{number}")
    known = forecast(session, company.workspace_id, "first-order", "installed", time())
    assert (known["order-confirmed"].ways, known["order-confirmed"].answers) == (5, 0)


def test_an_ask_that_may_still_be_answered_says_nothing_of_the_rate(
    session: Session, company: Any, time: clock.FixedClock, send: Send, set_policy: Any
) -> None:
    """40 asks of a week ago, of which every fourth was answered, and 40 of today: a quarter answers, not an eighth."""
    set_policy(survey="visit-csat", only={"personas": ["nobody"]})
    for number in range(80):
        if number == 40:
            time.move(days=7)
        entry = send(journey_instance=f"way-{number}", customer=f"c-{number}")
        if number < 40 and number % 4 == 0 and entry.invitation:
            invitations.close(session, [(entry.invitation, time())])
    session.commit()
    known = forecast(session, company.workspace_id, "first-order", "installed", time())["order-confirmed"]
    assert not known.rate_is_assumed
    assert known.answers == pytest.approx(80 * 0.25 / 7 * 30.4)


def test_asks_of_today_alone_are_too_few_to_know(
    session: Session, company: Any, time: clock.FixedClock, send: Send, set_policy: Any
) -> None:
    set_policy(survey="visit-csat", only={"personas": ["nobody"]})
    for number in range(40):
        send(journey_instance=f"way-{number}", customer=f"c-{number}")
    known = forecast(session, company.workspace_id, "first-order", "installed", time())["order-confirmed"]
    assert known.rate_is_assumed


@pytest.fixture
def browse(client: FlaskClient, session: Session, company: Any, time: clock.FixedClock) -> Callable[..., Any]:
    """An administrator's browser without JavaScript."""
    workspaces.add_person(
        session, company.workspace_id, "a@example.com", "Ann", "a long password", time(), "administrator"
    )
    session.commit()
    found = re.search(r'name="csrf" value="([^"]+)"', client.get("/sign-in").text)
    assert found
    form = {"csrf": found[1], "email": "a@example.com", "password": "a long password"}
    assert client.post("/sign-in", data=form).status_code == 303
    return lambda: client.get("/journeys/first-order/edit/asking").text


def test_it_is_saved_as_a_version_and_not_over_another_s(
    browse: Callable[..., Any], client: FlaskClient, session: Session, company: Any
) -> None:
    page = browse()
    form = dict(re.findall(r'name="(csrf|version)" value="([^"]+)"', page))
    form |= dict.fromkeys(re.findall(r'name="(share\.[^"]+)"', page), "10") | {"mode": "spread"}
    form["share.confirmed"] = "70"
    path = "/journeys/first-order/edit/asking"
    assert client.post(path, data=form).status_code == 303
    session.expire_all()
    assert journeys.get(session, company.workspace_id, "first-order").asking.shares["confirmed"] == 70
    session.rollback()
    late = client.post(path, data={**form, "share.confirmed": "20"})
    assert late.status_code == 412
    assert 'value="20"' in late.text
