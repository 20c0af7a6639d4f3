"""The simulator says what the engine then does: the same triggers, the same policy, the same totals."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete
from sqlalchemy.orm import Session

from collector import clock, interactions, invitations, surveys
from collector.interactions.models import Interaction, JourneyInstance, Tombstone
from collector.interactions.schemas import InteractionsIn
from collector.invitations import policies, simulator
from collector.invitations.models import AskCount, Decision, Invitation, Subject, Trigger
from collector.invitations.schemas import TriggersIn

Headers = dict[str, dict[str, str]]
DRAFTS: list[dict[str, Any]] = [
    {},
    {"all_surveys": {"after_answer": 3, "after_decline": 9, "after_ignore": 1}, "per_journey_instance": None},
    {"cap_per_day": 4, "all_surveys": {"after_answer": 0, "after_decline": 0, "after_ignore": 0}, "timezone": "Asia/Tokyo"},
    {"sample": 0.4, "budget": {"asks": 3, "days": 30, "reserved": 1}, "this_survey": {"after_ignore": 2}},
]  # fmt: skip


def history(seed: int) -> list[tuple[timedelta, str, dict[str, Any]]]:
    """(when, what, item): sixty days of triggers and events of a few customers, with delays and cancellations."""
    chance = random.Random(seed)
    rows: list[tuple[timedelta, str, dict[str, Any]]] = []
    for number in range(100):
        at = timedelta(minutes=chance.randrange(60 * 24 * 60))
        customer = chance.choice(["ada", "bob", "eve", "joe", None])
        item = {
            "touchpoint": chance.choice(["order-confirmed", "installed", "silent", "unasked", "nowhere"]),
            "journey": chance.choice(["first-order", None]),
            "journey_instance": chance.choice([None, f"way-{number % 11}"]) if customer else f"way-{number}",
            "customer": customer,
            "transaction": f"t-{chance.randrange(90)}",
            "channel": chance.choice(["web", "email", "phone"]),
            "delay": chance.choice([0, 0, 3600, 86_400 * 4]),
            "cancel_on": chance.choice([[], ["refund"]]),
        }
        rows.append((at, "trigger", item))
        if number % 5 == 0:
            event = {"event": "refund", "touchpoint": "installed", "transaction": item["transaction"]}
            rows.append((at + timedelta(hours=12), "event", event))
        if number % 7 == 0:  # taken back before the trigger arrives, or after
            late = timedelta(hours=chance.choice([-2, 6]))
            rows.append((at + late, "cancel", {"transaction": item["transaction"]}))
            item["happened"] = timedelta(hours=5)
    return sorted(rows, key=lambda row: row[0])


def play(session: Session, company: Any, time: clock.FixedClock, seed: int) -> None:
    """Let the engine live through a history, its worker running whenever something is due."""
    start = time()
    for at, what, item in history(seed):
        now = start + at
        run_worker(session, time, now)
        time.time = now
        if what == "trigger":
            happened = now - item.pop("happened", timedelta(0))
            [loaded] = TriggersIn().load({"triggers": [item]})["triggers"]
            invitations.trigger(session, company, [{**loaded, "occurred_at": happened}], now)
        elif what == "cancel":
            invitations.cancel(session, company.workspace_id, item["transaction"], now)
        else:
            given = InteractionsIn().load({"interactions": [item]})["interactions"]
            interactions.record(session, company, given, now)
        session.commit()
    run_worker(session, time, start + timedelta(days=75))
    time.time = start + timedelta(days=75)


def run_worker(session: Session, time: clock.FixedClock, until: Any) -> None:
    while True:
        waiting = session.query(Invitation.not_before).filter(Invitation.state == "waiting")
        due = waiting.order_by(Invitation.not_before).limit(1).scalar()
        if due is None or due > until:
            return
        invitations.open_due(session, due)
        session.commit()


def forget(session: Session) -> None:
    for table in (Decision, Trigger, Invitation, AskCount, Subject, Interaction, JourneyInstance, Tombstone):
        session.execute(delete(table))
    session.commit()
    session.expunge_all()


@pytest.mark.parametrize(
    ("before", "draft"), [(0, 1), (0, 2), (2, 3)], ids=["waits", "caps", "sample and budget"]
)
def test_totals_equal_what_the_engine_then_does(
    session: Session, company: Any, time: clock.FixedClock, before: int, draft: int
) -> None:
    start = time()
    policies.save(session, company, DRAFTS[before], "tests", time())
    play(session, company, time, seed=3)
    foretold = simulator.simulate(session, company, DRAFTS[draft], {}, 90, time())
    assert foretold.current == simulator.totals(session, company.workspace_id, start)
    forget(session)
    company = session.merge(company)
    time.time = start
    policies.save(session, company, DRAFTS[draft], "tests", time())
    play(session, company, time, seed=3)
    assert foretold.totals == simulator.totals(session, company.workspace_id, start)
    assert {"invited", "no_consent", "cancelled"} <= {row["reason"] for row in foretold.totals}
    assert foretold.complete
    assert foretold.triggers == sum(row["n"] for row in foretold.totals) == 100


def test_the_api_shows_the_draft_beside_what_was_decided(
    client: FlaskClient, trigger: Callable[..., Any], keys: Headers, time: clock.FixedClock
) -> None:
    for number in range(3):
        trigger(customer="ada", transaction=f"t-{number}", journey_instance=f"way-{number}")
        time.move(days=5)
    body = {"policy": {"all_surveys": {"after_ignore": 10}, "this_survey": {"after_ignore": 10}}}
    shown = client.post("/api/v1/policy/simulate", json=body, headers=keys["admin"])
    assert shown.status_code == 200, shown.text
    place = {"touchpoint": "order-confirmed"}
    assert shown.json["totals"] == [
        {**place, "decision": "invite", "reason": "invited", "n": 2},
        {**place, "decision": "skip", "reason": "quarantine", "n": 1},
    ]
    assert shown.json["actual"] == [
        {**place, "decision": "invite", "reason": "invited", "n": 1},
        {**place, "decision": "skip", "reason": "quarantine", "n": 2},
    ]
    assert (shown.json["asked"], shown.json["triggers"], shown.json["complete"]) == (2, 3, True)


def test_a_surveys_own_draft_can_be_tried(client: FlaskClient, trigger: Any, keys: Headers) -> None:
    for number in range(4):
        trigger(customer=f"c-{number}", transaction=f"t-{number}")
    body = {"surveys": {"order-nps": {"survey_cap_per_day": 1}}, "days": 7}
    shown = client.post("/api/v1/policy/simulate", json=body, headers=keys["admin"]).json
    assert {row["reason"]: row["n"] for row in shown["totals"]} == {"invited": 1, "cap": 3}


def test_a_simulation_stores_nothing_and_refuses_unknown_names(
    client: FlaskClient, trigger: Any, keys: Headers
) -> None:
    trigger(customer="ada", transaction="t-1")
    client.post("/api/v1/policy/simulate", json={"policy": {"sample": 0.0}}, headers=keys["admin"])
    assert client.get("/api/v1/policy", headers=keys["read"]).json == {}
    assert trigger(customer="bob", transaction="t-2")["decision"] == "invite"
    refused = client.post("/api/v1/policy/simulate", json={"policy": {"sampel": 1}}, headers=keys["admin"])
    assert (refused.status_code, refused.json["fields"]) == (422, {"policy.sampel": ["Unknown field."]})


def test_what_is_not_due_yet_stays_scheduled(client: FlaskClient, trigger: Any, keys: Headers) -> None:
    trigger(customer="ada", transaction="t-1", delay=86_400)
    shown = client.post("/api/v1/policy/simulate", json={}, headers=keys["admin"]).json
    assert shown["totals"] == shown["actual"]
    assert shown["totals"][0]["reason"] == "scheduled"


def test_what_was_taken_back_before_its_trigger_came_is_asked_by_no_draft(
    session: Session, company: Any, time: clock.FixedClock, keys: Headers, client: FlaskClient, trigger: Any
) -> None:
    invitations.cancel(session, company.workspace_id, "t-1", time())
    session.commit()
    happened = clock.iso(time() - timedelta(hours=1))
    assert trigger(customer="ada", transaction="t-1", occurred_at=happened)["reason"] == "cancelled"
    shown = client.post("/api/v1/policy/simulate", json={}, headers=keys["admin"]).json
    assert shown["totals"] == shown["current"] == shown["actual"]
    assert shown["asked"] == 0


def test_a_draft_is_compared_under_today_s_surveys(
    session: Session, company: Any, client: FlaskClient, trigger: Any, keys: Headers
) -> None:
    """A survey paused since then takes its asks from both sides, and from none of them by the draft."""
    trigger(customer="ada", transaction="t-1")
    surveys.get(session, company.workspace_id, "order-nps").state = "paused"
    session.commit()
    shown = client.post("/api/v1/policy/simulate", json={}, headers=keys["admin"]).json
    assert (
        [row["reason"] for row in shown["current"]]
        == ["not_eligible"]
        == [row["reason"] for row in shown["totals"]]
    )
    assert [row["reason"] for row in shown["actual"]] == ["invited"]
