"""Once an insight is done, the unhappy who agreed to be contacted are asked once more, each once, inside the policy."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from collector import clock, db, deliveries, erasure, invitations, signing, workspaces
from collector.insights import FollowUp, following_up
from collector.invitations import Decision, Invitation, Trigger
from collector.kpis import Slice, merge, read_cells
from collector.responses import Response

UNHAPPY, HAPPY = 2, 10


@pytest.fixture
def unhappy(
    client: FlaskClient, trigger: Callable[..., dict[str, Any]], answer: Callable[..., Any], keys: Any
) -> Callable[..., str]:
    """Somebody who was unhappy at the confirmation; ``unhappy("c-1")`` gives the answer's id."""

    def call(customer: str, agrees: bool = True, score: int = UNHAPPY) -> str:
        made = trigger(customer=customer, transaction=f"t-{customer}")
        said = str(uuid.uuid4())
        stored = answer(made["invitation"]["token"], said, complete=True, score=score)
        assert stored.status_code < 300, stored.text
        if agrees:
            agreed = {"channel": "email", "text_version": "1", "source": "form"}
            url = f"/api/v1/customers/{customer}/consents"
            assert client.post(url, json=agreed, headers=keys["server"]).status_code == 201
        return said

    return call


@pytest.fixture
def done(client: FlaskClient, keys: Any) -> Callable[..., str]:
    """The address of an insight that cites some answers and is done."""

    def call(*cites: str) -> str:
        said = {"title": "Confusing", "touchpoint": "order-confirmed", "cites": list(cites)}
        made = client.post("/api/v1/insights", json=said, headers=keys["admin"])
        assert made.status_code == 201, made.text
        address = f"/api/v1/insights/{made.json['insight_id']}"
        for state in ("accepted", "working", "done"):
            assert client.patch(address, json={"state": state}, headers=keys["admin"]).status_code == 200
        return address

    return call


@pytest.fixture
def press(client: FlaskClient, keys: Any) -> Callable[[str], Any]:
    """Ask the unhappy of an insight: the call's answer."""
    return lambda address: client.post(f"{address}/follow-ups", headers=keys["admin"])


@pytest.fixture
def go(session: Session, time: clock.FixedClock) -> Callable[..., int]:
    """Let days pass, and the worker ask whose time has come: how many it decided about."""

    def call(days: int = 0) -> int:
        time.move(days=days)
        session.rollback()
        found = 0
        while following_up.are_due(session, time()):
            found += following_up.ask(session, time())
            session.commit()
        session.rollback()
        return found

    return call


def test_who_agreed_is_asked_when_the_policy_allows_and_once(
    client: FlaskClient, keys: Any, unhappy: Any, done: Any, press: Any, go: Any, session: Session
) -> None:
    address = done(unhappy("c-1"), unhappy("c-2", agrees=False), unhappy("c-3", score=HAPPY))
    listed = press(address).json
    assert (listed["unhappy"], listed["agreed"], listed["waiting"], listed["asked"]) == (2, 1, 1, 0)
    go()
    [ask] = press(address).json["asks"]
    assert (ask["state"], ask["reason"]) == ("waiting", "quarantine")
    go(89)
    assert client.get(f"{address}/follow-ups", headers=keys["admin"]).json["asked"] == 0
    go(2)
    again = press(address).json
    assert (again["asked"], again["waiting"], again["new"]) == (1, 0, 0)
    go(100)
    made = session.scalars(select(Invitation).where(Invitation.source == "follow_up")).all()
    assert [(each.survey, each.channel, each.journey_instance) for each in made] == [
        ("order-nps", "email", None)
    ]
    session.rollback()
    customer = again["asks"][0]["customer"]
    looked_up = client.get(f"/api/v1/decisions?customer={customer}", headers=keys["server"]).json["decisions"]
    assert [each["reason"] for each in looked_up] == ["invited", "quarantine", "invited"]


def test_what_they_say_now_is_told_from_five_on_and_in_no_figure_of_the_touchpoint(
    client: FlaskClient, keys: Any, company: Any, unhappy: Any, done: Any, press: Any, go: Any, answer: Any,
    session: Session, time: clock.FixedClock,
) -> None:  # fmt: skip
    address = done(*(unhappy(f"c-{n}") for n in range(6)))
    press(address)
    go()
    assert go(91) == 6
    made = session.scalars(select(Invitation).where(Invitation.source == "follow_up")).all()
    tokens = [invitations.token_of(session, each, time()) for each in made]
    session.rollback()
    for token, score in zip(tokens[:4], (HAPPY, HAPPY, UNHAPPY, HAPPY), strict=True):
        assert answer(token, complete=True, score=score).status_code < 300
    few = client.get(f"{address}/follow-ups", headers=keys["admin"]).json
    assert (few["answered"], few["better"]) == (4, None)
    assert answer(tokens[4], complete=True, score=HAPPY).status_code < 300
    better = client.get(f"{address}/follow-ups", headers=keys["admin"]).json["better"]
    assert (better["count"], better["n"], better["value"]) == (4, 5, 80.0)
    assert 35 < better["low"] < 80 < better["high"]
    session.rollback()
    counted = merge(read_cells(session, company.workspace_id, Slice("nps", touchpoints=("order-confirmed",))))
    assert {score: n for score, n in counted.items() if n} == {UNHAPPY: 6}
    assert {row.source for row in session.scalars(select(Response))} == {"solicited", "follow_up"}


def test_it_reaches_them_in_their_own_page_and_by_mail(
    client: FlaskClient, keys: Any, company: Any, unhappy: Any, done: Any, press: Any, go: Any,
    session: Session, time: clock.FixedClock,
) -> None:  # fmt: skip
    address = done(unhappy("c-1"))
    press(address)
    go(91)
    [ask] = press(address).json["asks"]
    kid, secret = workspaces.signing_key(session, company.workspace_id)
    token = signing.sign_customer(kid, secret, ask["customer"], time() + timedelta(hours=1), time())
    session.rollback()
    shown = client.get(f"/w/v1/survey?customer={token}")
    assert shown.status_code == 200, shown.text
    assert shown.json["survey"]["key"] == "order-nps"
    sent = {"invitation_id": ask["invitation_id"], "way": "email", "address": "ada@example.org"}
    put = client.post("/api/v1/deliveries", json=sent, headers=keys["server"])
    assert (put.status_code, put.json["code"]) == (409, "way_not_set_up"), "no mail server stands here"
    workspace = workspaces.get(session, company.workspace_id)
    given = {"transaction": None, "consent": None, **sent}
    given["invitation_id"] = uuid.UUID(ask["invitation_id"])
    delivery, is_new = deliveries.request(session, workspace, given, time())
    assert (is_new, delivery.state) == (True, "queued"), "by the consent on record"


def test_nothing_is_asked_before_it_is_done_nor_when_it_was_reopened(
    client: FlaskClient, keys: Any, unhappy: Any, done: Any, press: Any, go: Any
) -> None:
    address = done(unhappy("c-1"))
    press(address)
    go()
    assert client.patch(address, json={"state": "working"}, headers=keys["admin"]).status_code == 200
    refused = press(address)
    assert (refused.status_code, refused.json["code"]) == (409, "insight_not_done")
    go(91)
    assert client.get(f"{address}/follow-ups", headers=keys["admin"]).json["skipped"] == {"reopened": 1}
    assert client.patch(address, json={"state": "done"}, headers=keys["admin"]).status_code == 200
    assert press(address).json["waiting"] == 1
    go()
    assert press(address).json["asked"] == 1


def test_an_objection_and_a_consent_taken_back_hold_until_the_last_moment(
    client: FlaskClient, keys: Any, unhappy: Any, done: Any, press: Any, go: Any, time: Any
) -> None:
    address = done(unhappy("c-1"), unhappy("c-2"))
    press(address)
    go()
    time.move(days=80)
    back = {"channel": "email", "given": False, "text_version": "1", "source": "form"}
    assert client.put("/api/v1/customers/c-1/opt-out", headers=keys["server"]).status_code == 200
    url = "/api/v1/customers/c-2/consents"
    assert client.post(url, json=back, headers=keys["server"]).status_code == 201
    go(11)
    found = client.get(f"{address}/follow-ups", headers=keys["admin"]).json
    assert found["skipped"] == {"opted_out": 1, "no_consent": 1}
    assert found["agreed"] == 0


def test_who_may_not_be_asked_in_time_is_not_asked(
    client: FlaskClient, keys: Any, unhappy: Any, done: Any, press: Any, go: Any
) -> None:
    policy = {"this_survey": {"after_answer": 365}}
    assert client.put("/api/v1/policy", json=policy, headers=keys["admin"]).status_code == 200
    address = done(unhappy("c-1"))
    press(address)
    go()
    assert press(address).json["skipped"] == {}  # enlisted anew by the second press
    go()
    assert client.get(f"{address}/follow-ups", headers=keys["admin"]).json["skipped"] == {"quarantine": 1}


def test_erasure_takes_it_away_and_nobody_is_asked(
    company: Any, session: Session, unhappy: Any, done: Any, press: Any, go: Any, time: Any
) -> None:
    address = done(unhappy("c-1"), unhappy("c-2"))
    press(address)
    go()
    name = workspaces.pseudonym_of(workspaces.facts(session, company.workspace_id), "c-1")
    gone = erasure.erase_all(session, company.workspace_id, [name], time())
    session.commit()
    assert gone["follow_ups"] == 1
    go(91)
    assert [ask["state"] for ask in press(address).json["asks"]] == ["asked"]


def test_two_workers_and_a_killed_one_ask_each_customer_once(
    engine: Engine, session: Session, unhappy: Any, done: Any, press: Any, time: clock.FixedClock
) -> None:
    address = done(*(unhappy(f"c-{n}") for n in range(8)))
    press(address)
    press(address)
    time.move(days=91)
    sessions = db.make_sessions(engine)
    with sessions() as dying:
        assert following_up.ask(dying, time()) == 8
        dying.rollback()  # killed before it could commit
    failed: list[BaseException] = []

    def work() -> None:
        try:
            while True:
                with sessions.begin() as own:
                    if not following_up.ask(own, time()):
                        return
        except BaseException as error:
            failed.append(error)

    workers = [threading.Thread(target=work) for _ in range(3)]
    for each in workers:
        each.start()
    for each in workers:
        each.join(30)
    assert failed == []
    session.rollback()
    asked = select(Invitation.customer, func.count()).where(Invitation.source == "follow_up")
    counts = dict(session.execute(asked.group_by(Invitation.customer)).all())  # type: ignore[arg-type]
    assert sorted(counts.values()) == [1] * 8
    theirs = select(Trigger.trigger_id).where(Trigger.transaction.is_(None))
    decided = select(func.count()).select_from(Decision).where(Decision.trigger_id.in_(theirs))
    assert session.scalar(decided) == 8
    assert {row.state for row in session.scalars(select(FollowUp))} == {"asked"}


@pytest.mark.parametrize("asked", [0, 1])
def test_under_an_old_and_a_new_name_somebody_is_asked_once(
    asked: int, company: Any, session: Session, unhappy: Any, done: Any, press: Any, time: clock.FixedClock
) -> None:
    press(done(unhappy("c-1"), unhappy("c-2")))
    facts = workspaces.facts(session, company.workspace_id)
    names = [workspaces.pseudonym_of(facts, each) for each in ("c-1", "c-2")]
    session.execute(update(FollowUp).where(FollowUp.customer == names[asked]).values(state="asked"))
    session.commit()
    erasure.rekeying.rename(session, company.workspace_id, {names[0]: names[1]}, time())
    session.commit()
    left = session.execute(select(FollowUp.customer, FollowUp.state)).all()
    assert [tuple(row) for row in left] == [(names[1], "asked")]
