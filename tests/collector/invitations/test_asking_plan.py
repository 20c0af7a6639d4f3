"""The asking plan of a journey: each way through it is asked once, at the step it draws."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from collector import clock, errors, journeys, signing, surveys, workspaces
from collector.invitations import simulator
from collector.invitations.drawing import Draw
from collector.invitations.forecast import forecast

Send = Callable[..., Any]


@pytest.fixture
def plan(session: Session, company: workspaces.Workspace, time: clock.FixedClock) -> Callable[..., None]:
    """``plan(shares={"confirmed": 3, "visit": 1})``: the journey's plan from now on; the visit limited again."""
    surveys.get(session, company.workspace_id, "visit-csat").policy = {}

    def call(**asking: Any) -> None:
        there = journeys.get(session, company.workspace_id, "first-order")
        said = {"asking": asking}
        journeys.change(session, company.workspace_id, there, there.version, said, "tests", time())
        session.commit()

    return call


def test_both_sides_of_a_handover_are_asked_and_no_way_twice(send: Send, plan: Callable[..., None]) -> None:
    plan()
    asked: Counter[str] = Counter()
    for number in range(60):
        way = {"customer": f"c-{number}", "journey_instance": f"way-{number}"}
        found = [send(touchpoint=touchpoint, **way) for touchpoint in ("order-confirmed", "installed")]
        reasons = [entry.decision.reason for entry in found]
        assert reasons in (["invited", "same_journey_instance"], ["other_step", "invited"])
        made = next(entry.invitation for entry in found if entry.invitation)
        assert made.probability == 0.5
        asked[made.touchpoint] += 1
    assert min(asked.values()) > 15, asked


@pytest.mark.parametrize("linked", ["customer", "transaction", "journey_instance"])
def test_a_way_is_spread_where_nobody_names_its_journey(
    send: Send,
    plan: Callable[..., None],
    session: Session,
    company: workspaces.Workspace,
    time: clock.FixedClock,
    linked: str,
) -> None:
    """Neither the surveys nor the triggers name it: it is the only one that passes there."""
    for key in ("order-nps", "visit-csat"):
        surveys.get(session, company.workspace_id, key).journey = None
    plan()
    asked: Counter[str] = Counter()
    for number in range(40):
        way = {"journey": None, "customer": None, linked: f"way-{number}"}
        found = [send(touchpoint=touchpoint, **way) for touchpoint in ("order-confirmed", "installed")]
        [made] = [entry.invitation for entry in found if entry.invitation]
        assert (made.journey, made.probability) == ("first-order", 0.5)
        asked[made.touchpoint] += 1
    assert min(asked.values()) > 8, asked
    tried = simulator.simulate(session, company, {}, {}, 90, time())
    assert {row["touchpoint"]: row["n"] for row in tried.totals if row["decision"] == "invite"} == asked
    known = forecast(session, company.workspace_id, "first-order", "installed", time())
    assert [known[touchpoint].ways for touchpoint in ("order-confirmed", "installed")] == [40, 40]


def test_a_touchpoint_of_two_journeys_belongs_to_none_by_itself(
    send: Send, plan: Callable[..., None], session: Session, company: workspaces.Workspace, time: Any
) -> None:
    there = journeys.get(session, company.workspace_id, "first-order")
    surveys.get(session, company.workspace_id, "order-nps").journey = None
    phases = [{"name": "All", "steps": [{"key": key, "name": key, "touchpoint": "order-confirmed"} for key in ("a", "b")]}]  # fmt: skip
    facts = {name: getattr(there, name) for name in ("name", "definition", "customer_goal", "business_goal")}
    other = {**facts, "key": "another", "phases": phases}
    journeys.apply(session, company.workspace_id, {"journeys": [other]}, "tests", time())
    plan()
    assert send(journey=None, customer="c-1").invitation.journey is None


@pytest.mark.parametrize("order", [("order-confirmed", "installed"), ("installed", "order-confirmed")])
def test_the_order_of_the_steps_does_not_matter(
    send: Send, plan: Callable[..., None], order: tuple[str, str]
) -> None:
    plan()
    for number in range(20):
        way = {"customer": f"c-{number}", "journey_instance": f"way-{number}"}
        made = [
            entry.invitation
            for touchpoint in order
            if (entry := send(touchpoint=touchpoint, **way)).invitation
        ]
        draw = Draw(f"first-order\0way-{number}", {"order-confirmed": 1.0, "installed": 1.0})
        assert [draw.takes(invitation.touchpoint) for invitation in made] == [True]


def test_the_stored_chance_is_share_times_sample(
    send: Send, plan: Callable[..., None], set_policy: Callable[..., None]
) -> None:
    plan(shares={"confirmed": 3, "visit": 1})
    set_policy(sample=0.5)
    found = [send(customer=f"c-{n}", journey_instance=f"w-{n}").invitation for n in range(40)]
    assert {made.probability for made in found if made} == {0.375}


def test_a_step_without_a_share_says_so(send: Send, plan: Callable[..., None]) -> None:
    plan(shares={"confirmed": 1})
    decision = send(touchpoint="installed", journey_instance="w").decision
    assert (decision.reason, decision.rule) == ("other_step", "the asking plan asks nobody at this step")


def test_only_places_that_can_ask_now_take_part(
    send: Send, plan: Callable[..., None], session: Session, company: workspaces.Workspace
) -> None:
    plan()
    surveys.get(session, company.workspace_id, "order-nps").state = "paused"
    session.commit()
    made = [send(touchpoint="installed", customer=f"c-{n}", journey_instance=f"w-{n}") for n in range(10)]
    assert {(entry.decision.reason, entry.invitation.probability) for entry in made} == {("invited", 1.0)}


def test_a_link_at_a_step_that_was_not_drawn_opens_to_a_kind_page(
    plan: Callable[..., None],
    client: FlaskClient,
    answer: Callable[..., Any],
    session: Session,
    company: workspaces.Workspace,
    time: clock.FixedClock,
) -> None:
    plan(shares={"visit": 1})
    key = workspaces.mint_key(session, company, "server", "till", time())
    session.commit()
    own, until = clock.new_id(), time() + timedelta(days=1)
    facts = signing.Invitation(own, own, "order-confirmed", until, "first-order", transaction="t-9")
    token = signing.sign_invitation(key.kid, signing.signing_secret(key.text), facts, time())
    page = client.get(f"/s/{token}", headers={"Accept-Language": "de"})
    assert page.status_code == 200
    assert "Gerade haben wir keine Frage an Sie." in page.text
    assert client.get(f"/w/v1/survey?token={token}").status_code == 204
    assert answer(token, score=9).status_code in {404, 410}


def test_the_simulator_draws_as_the_collector_does(
    send: Send,
    plan: Callable[..., None],
    session: Session,
    company: workspaces.Workspace,
    time: clock.FixedClock,
) -> None:
    plan()
    for number in range(30):
        way = {"customer": f"c-{number}", "journey_instance": f"way-{number}"}
        send(touchpoint="order-confirmed", **way)
        send(touchpoint="installed", **way)
    actual = simulator.totals(session, company.workspace_id, time() - timedelta(days=90))
    assert simulator.simulate(session, company, {}, {}, 90, time()).totals == actual
    assert any(total["reason"] == "other_step" for total in actual)


@pytest.mark.parametrize(
    ("asking", "code"),
    [
        ({"shares": {"nowhere": 1}}, "asking.shares.nowhere"),
        ({"mode": "end", "shares": {"visit": 1}}, "asking.shares"),
        ({"shares": {"visit": 0}}, "asking.shares"),
        ({"mode": "first"}, "asking.mode"),
    ],
)
def test_a_plan_that_means_nothing_is_refused(
    plan: Callable[..., None], asking: dict[str, Any], code: str
) -> None:
    with pytest.raises(errors.BadInput) as refused:
        plan(**asking)
    assert any(code in field for field in refused.value.fields), refused.value.fields
