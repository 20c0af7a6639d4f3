"""Each kind of event is told, signed, thin, to those whose it is."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from standardwebhooks.webhooks import WebhookVerificationError
from statement_plans import statements_of

from collector import webhooks
from collector.webhooks import WebhookEvent


def test_an_answer_is_told_and_verified_by_the_public_library(
    subscribe: Any, trigger: Any, answer: Any, work: Any, receiver: Any, verify: Any, time: Any
) -> None:
    secret = subscribe("response.completed")["secret"]
    token = trigger(customer="zoe-1", transaction="order-1")["invitation"]["token"]
    assert answer(token, complete=True, score=3, comment="call me: zoe@example.org").status_code == 201
    work()
    ((headers, body),) = receiver.calls
    told = verify(secret, headers, body)
    assert told["type"] == "response.completed"
    assert (told["data"]["score"], told["data"]["has_comment"]) == (3, True)
    assert (told["data"]["touchpoint"], told["data"]["transaction"]) == ("order-confirmed", "order-1")
    assert "zoe" not in body.decode()  # no digits of an id read so
    with pytest.raises(WebhookVerificationError):
        verify(secret, headers, body.replace(b"3", b"9"))
    time.move(minutes=6)
    with pytest.raises(WebhookVerificationError):
        verify(secret, headers, body)


def test_an_answer_in_two_parts_is_told_once_when_it_is_whole(
    subscribe: Any, trigger: Any, answer: Any, work: Any, receiver: Any
) -> None:
    subscribe("response.completed")
    token = trigger()["invitation"]["token"]
    first = answer(token, score=9).json["response_id"]
    work()
    assert receiver.calls == []
    answer(token, response_id=first, complete=True, comment="all well")
    answer(token, response_id=first, complete=True, comment="all well")
    work()
    (event,) = receiver.events
    assert (event["data"]["response_id"], event["data"]["has_comment"]) == (first, True)


def test_decisions_insights_actions_and_erasures_are_told(
    subscribe: Any, trigger: Any, work: Any, receiver: Any, client: Any, keys: Any
) -> None:
    subscribe()
    trigger(customer="c-1", transaction="order-1")
    told = {"title": "Long waits", "touchpoint": "installed"}
    insight = client.post("/api/v1/insights", json=told, headers=keys["admin"]).json["insight_id"]
    client.patch(f"/api/v1/insights/{insight}", json={"state": "accepted"}, headers=keys["admin"])
    task = {"title": "Call first", "owner": "operations", "due": "2026-12-01"}
    url = f"/api/v1/insights/{insight}/actions"
    action = client.post(url, json=task, headers=keys["admin"]).json["action_id"]
    client.patch(f"{url}/{action}", json={"state": "done"}, headers=keys["admin"])
    work()
    client.delete("/api/v1/customers/c-1", headers=keys["server"])
    work()
    said = [(each["type"], each["data"].get("verb")) for each in receiver.events]
    assert said == [
        ("decision.made", None),
        ("insight.changed", "filed"),
        ("insight.changed", "accepted"),
        ("action.changed", "planned"),
        ("action.changed", "done"),
        ("customer.erased", None),
    ]
    decision, *_, erased = receiver.events
    assert decision["data"]["decision"] == "invite"
    assert erased["data"]["customer"] == decision["data"]["customer"]
    assert receiver.events[4]["data"] | {"due": "2026-12-01", "state": "done"} == receiver.events[4]["data"]
    assert len(set(receiver.ids)) == 6


def test_a_webhook_with_a_scope_hears_of_its_own_alone(
    subscribe: Any, trigger: Any, work: Any, receiver: Any, client: Any, keys: Any
) -> None:
    subscribe("decision.made", "insight.changed", scope=["operations"])
    trigger()
    for touchpoint in ("order-confirmed", "installed"):
        body = {"title": touchpoint, "touchpoint": touchpoint}
        assert client.post("/api/v1/insights", json=body, headers=keys["admin"]).status_code == 201
    trigger(touchpoint="installed")
    work()
    assert [each["data"]["touchpoint"] for each in receiver.events] == ["installed", "installed"]


def test_nobody_subscribed_costs_no_statement(
    trigger: Any, answer: Any, subscribe: Any, session: Session, engine: Any
) -> None:
    subscribe("insight.changed")
    token = trigger()["invitation"]["token"]
    answer(token, complete=True, score=9)  # what is remembered is remembered now
    token = trigger()["invitation"]["token"]
    with statements_of(engine) as sent:
        answer(token, complete=True, score=9)
    assert not [statement for statement, _ in sent if "webhook" in statement]
    assert session.scalars(select(WebhookEvent)).all() == []


def test_an_answer_to_somebody_who_subscribed_costs_one(
    trigger: Any, answer: Any, subscribe: Any, engine: Any
) -> None:
    subscribe("response.completed")
    answer(trigger()["invitation"]["token"], complete=True, score=9)
    token = trigger()["invitation"]["token"]
    with statements_of(engine) as sent:
        answer(token, complete=True, score=9)
    assert len([statement for statement, _ in sent if "webhook" in statement]) == 1


def test_what_is_moved_in_is_no_news(
    subscribe: Any, client: Any, keys: Any, work: Any, receiver: Any
) -> None:
    subscribe("response.completed")
    for at in ("2026-10-01T10:00:00Z", "2026-11-02T09:00:00Z"):
        given = {
            "touchpoint": "installed",
            "occurred_at": at,
            "respondent": "customer",
            "answers": {"score": 2},
        }
        sent = client.post("/api/v1/responses", json={"responses": [given]}, headers=keys["server"])
        assert sent.status_code in {200, 201}, sent.text
    work()
    assert [each["data"]["occurred_at"] for each in receiver.events] == ["2026-11-02T09:00:00Z"]


def test_events_of_an_erased_customer_that_were_not_sent_are_gone(
    subscribe: Any, trigger: Any, work: Any, receiver: Any, client: Any, keys: Any, session: Session
) -> None:
    subscribe()
    trigger(customer="c-1")
    trigger(customer="c-2")
    erased = client.delete("/api/v1/customers/c-1", headers=keys["server"]).json["erased"]
    assert erased["events"] == 1
    work()
    assert [each["type"] for each in receiver.events] == ["decision.made", "customer.erased"]
    kept, gone = receiver.events
    assert kept["data"]["customer"] != gone["data"]["customer"]


def test_a_rolled_back_transaction_tells_nobody(
    subscribe: Any, session: Session, company: Any, time: Any, work: Any, receiver: Any
) -> None:
    subscribe()
    subject = webhooks.Subject({"customer": "cu_x", "erased_at": time()})
    webhooks.announce(session, company.workspace_id, "customer.erased", subject, time())
    session.rollback()
    work()
    assert receiver.calls == []


def test_a_signal_is_told_through_the_same_door(
    subscribe: Any, session: Session, company: Any, time: Any, work: Any, receiver: Any
) -> None:
    subscribe("signal.raised", scope=["sales"])
    facts = {"signal_id": company.workspace_id, "signal": "fall", "title": "Falls", "comment": "never told"}
    for owners in (["sales"], ["operations"]):
        subject = webhooks.Subject({**facts, "owners": owners})
        webhooks.announce(session, company.workspace_id, "signal.raised", subject, time())
    session.commit()
    work()
    (event,) = receiver.events
    assert (event["data"]["owners"], "comment" in event["data"]) == (["sales"], False)
    assert json.loads(receiver.calls[0][1]) == event
