"""Other tools deliver live: signed as each signs, each delivery once, kept until it has its place, and gone with its customer."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import clock
from collector.exchange import inbound
from collector.exchange.models import Arrival, Inbound
from collector.outgoing import signature
from collector.responses import Response

Headers = dict[str, dict[str, str]]
SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()
FORMBRICKS = {
    "webhookId": "w1",
    "event": "responseFinished",
    "data": {
        "id": "cm5r1", "surveyId": "cm5s1", "createdAt": "2026-10-20T09:00:00.000Z", "finished": True,
        "data": {"q_nps": 9, "q_why": "It was quick and friendly"}, "contactAttributes": {"userId": "c-7"},
    },
}  # fmt: skip
TYPEFORM = {
    "event_id": "01HTF", "event_type": "form_response",
    "form_response": {
        "form_id": "lT4Z3j", "token": "a3a12ec67a1365927098a606107fac15", "landed_at": "2026-10-20T08:58:00Z",
        "submitted_at": "2026-10-20T09:00:00Z", "hidden": {"customer_id": "c-7"},
        "definition": {"id": "lT4Z3j", "fields": [{"id": "x", "ref": "nps_ref", "type": "nps", "title": "How likely?"}]},
        "answers": [
            {"type": "number", "number": 9, "field": {"id": "x", "type": "nps", "ref": "nps_ref"}},
            {"type": "text", "text": "It was quick and friendly", "field": {"id": "y", "type": "long_text", "ref": "why_ref"}},
        ],
    },
}  # fmt: skip
LIMESURVEY = {
    "api_token": SECRET, "survey": 123456, "event": "afterSurveyComplete", "respondId": 42, "submitDate": "2026-10-20 09:00:00",
    "token": "abc", "response": {"id": "42", "submitdate": "2026-10-20 09:00:00", "Q01": "9", "Q02": "It was quick and friendly", "customer_id": "c-7"},
    "participant": {"firstname": "Eva", "lastname": "Doe", "email": "eva@example.com"},
}  # fmt: skip
MAPPING = """
name: board
metric: nps
id: id
touchpoint: {constant: order-confirmed}
score: {column: score}
comment: {column: words}
occurred_at: {column: at}
customer: {column: who}
"""
STANDARD = {"type": "answer", "data": {"id": "b-1", "score": 9, "words": "It was quick and friendly", "at": "2026-10-20T09:00:00Z", "who": "c-7"}}  # fmt: skip
SAID = {
    "formbricks": {"touchpoint": "order-confirmed", "questions": ["data.q_nps=nps"], "comment": "data.q_why"},
    "typeform": {"touchpoint": "order-confirmed", "questions": ["nps_ref=nps"], "comment": "why_ref", "customer": "hidden.customer_id"},
    "limesurvey": {"touchpoint": "order-confirmed", "questions": ["Q01=nps"], "comment": "Q02"},
    "standard": {"mapping": MAPPING},
}  # fmt: skip
SENT: dict[str, Any] = {
    "formbricks": FORMBRICKS,
    "typeform": TYPEFORM,
    "limesurvey": LIMESURVEY,
    "standard": STANDARD,
}


def signed(
    tool: str, body: bytes, now: datetime, secret: str = SECRET, identifier: str = "msg_1"
) -> dict[str, str]:
    if tool == "typeform":
        digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
        return {"Typeform-Signature": "sha256=" + base64.b64encode(digest).decode()}
    return {} if tool == "limesurvey" else signature.headers(identifier, body, [secret], now)


@pytest.fixture
def address(client: FlaskClient, company: Any, keys: Headers) -> Callable[..., str]:
    def make(tool: str, **said: Any) -> str:
        given = {"name": tool, "tool": tool, "secret": SECRET, **SAID[tool], **said}
        made = client.post("/api/v1/inbound", json=given, headers=keys["admin"])
        assert made.status_code == 201, made.text
        return str(made.json["url"].partition("/in/v1/")[2])

    return make


@pytest.fixture
def deliver(client: FlaskClient, time: clock.FixedClock) -> Callable[..., Any]:
    def send(tool: str, at: str, said: Any = None, **how: Any) -> Any:
        body = json.dumps(SENT[tool] if said is None else said).encode()
        return client.post(f"/in/v1/{at}", data=body, headers=signed(tool, body, time(), **how))

    return send


@pytest.mark.parametrize("tool", list(SENT))
def test_req_066_a_delivery_is_placed_once(address: Any, deliver: Any, session: Session, tool: str) -> None:
    at = address(tool)
    assert deliver(tool, at).json == {"state": "placed"}
    assert deliver(tool, at).json == {"state": "known"}
    row = session.scalars(select(Response)).one()
    assert (row.touchpoint, row.metric, row.score, row.comment) == (
        "order-confirmed",
        "nps",
        9,
        "It was quick and friendly",
    )
    assert (row.source, row.occurred_at.isoformat()) == ("imported", "2026-10-20T09:00:00+00:00")
    assert row.customer
    arrival = session.scalars(select(Arrival)).one()
    assert (arrival.state, arrival.body, arrival.repeats, arrival.customer) == (
        "placed",
        None,
        1,
        row.customer,
    )


def test_a_second_delivery_of_the_same_answer_adds_nothing(
    address: Any, deliver: Any, session: Session
) -> None:
    at = address("formbricks")
    deliver("formbricks", at)
    assert deliver("formbricks", at, identifier="msg_2").json == {"state": "placed"}
    assert len(session.scalars(select(Response)).all()) == 1


@pytest.mark.parametrize("tool", list(SENT))
def test_req_066_what_is_signed_by_another_is_refused(
    address: Any, deliver: Any, session: Session, tool: str
) -> None:
    at = address(tool)
    wrong = deliver(tool, at, said={**SENT[tool], "api_token": "another"}, secret="whsec_" + "a" * 43 + "=")
    assert (wrong.status_code, wrong.json["code"]) == (401, "bad_signature")
    assert session.scalars(select(Arrival)).all() == []


def test_an_old_delivery_is_refused_and_so_is_one_without_headers(
    address: Any, deliver: Any, client: FlaskClient, time: clock.FixedClock
) -> None:
    at, body = address("standard"), json.dumps(STANDARD).encode()
    old = signed("standard", body, time())
    time.move(minutes=6)
    assert client.post(f"/in/v1/{at}", data=body, headers=old).status_code == 401
    assert client.post(f"/in/v1/{at}", data=body).status_code == 401
    assert (
        client.post(f"/in/v1/{at}", data=body, headers={**old, "webhook-timestamp": "9" * 400}).status_code
        == 401
    )
    assert client.post(f"/in/v1/{at.partition('/')[0]}/{clock.new_id()}", data=body).status_code == 404


def test_what_has_no_place_waits_until_it_has_one(
    address: Any, deliver: Any, client: FlaskClient, keys: Headers, session: Session
) -> None:
    at = address("formbricks", touchpoint="not-here-yet", questions=["data.q_nps=nps"])
    assert deliver("formbricks", at).json == {"state": "waiting"}
    arrival = session.scalars(select(Arrival)).one()
    assert "needs the touchpoint" in (arrival.why or "")
    assert b"quick" not in (arrival.body or b"quick")
    session.rollback()
    place = {"name": "Later", "channel": "web"}
    assert client.put("/api/v1/touchpoints/not-here-yet", json=place, headers=keys["admin"]).status_code < 300
    number = at.partition("/")[2]
    assert client.post(f"/api/v1/inbound/{number}/place", headers=keys["admin"]).json == {"placed": 1}
    assert session.scalars(select(Response.touchpoint)).all() == ["not-here-yet"]
    assert session.scalars(select(Arrival.body)).all() == [None]


@pytest.mark.parametrize("said", [{**FORMBRICKS, "event": "responseCreated"}, {"event": "test"}, [1, 2], "x"])
def test_what_holds_no_answer_is_told_so(address: Any, deliver: Any, session: Session, said: Any) -> None:
    assert deliver("formbricks", address("formbricks"), said=said).json == {"state": "ignored"}
    assert session.scalars(select(Response)).all() == []


def test_a_delivery_has_its_limit(address: Any, client: FlaskClient) -> None:
    too_much = client.post(f"/in/v1/{address('standard')}", data=b"x" * (inbound.actions.LARGEST + 1))
    assert too_much.status_code == 413


def test_it_goes_with_its_customer(
    address: Any, deliver: Any, client: FlaskClient, keys: Headers, session: Session
) -> None:
    deliver("formbricks", address("formbricks"))
    assert client.delete("/api/v1/customers/c-7", headers=keys["server"]).json["erased"]["imported_rows"] == 1
    assert session.scalars(select(Arrival)).all() == []


def test_what_waits_goes_with_its_customer_too(
    address: Any, deliver: Any, client: FlaskClient, keys: Headers, session: Session
) -> None:
    deliver("formbricks", address("formbricks", touchpoint="not-here-yet"))
    assert client.delete("/api/v1/customers/c-7", headers=keys["server"]).json["erased"]["imported_rows"] == 1
    assert session.scalars(select(Arrival)).all() == []


def test_old_deliveries_are_forgotten(
    address: Any, deliver: Any, session: Session, time: clock.FixedClock
) -> None:
    deliver("formbricks", address("formbricks"))
    assert not inbound.listing.are_old(session, time())
    time.move(days=31)
    assert inbound.listing.are_old(session, time())
    assert inbound.listing.let_go(session, time()) == 1
    assert session.scalars(select(Arrival)).all() == []


def test_its_secret_is_shown_once_and_stored_sealed(
    client: FlaskClient, address: Any, keys: Headers, session: Session
) -> None:
    address("typeform")
    listed = client.get("/api/v1/inbound", headers=keys["admin"])
    assert SECRET not in listed.text
    assert [each["waiting"] for each in listed.json["inbound"]] == [0]
    assert SECRET.encode() not in session.scalars(select(Inbound.secret)).one()


@pytest.mark.parametrize(
    "said",
    [{"tool": "standard"}, {"tool": "standard", "mapping": "nonsense"}, {"tool": "typeform", "questions": ["nps"]}, {"tool": "typeform", "secret": "short"}],
)  # fmt: skip
def test_what_cannot_be_read_makes_no_address(
    client: FlaskClient, company: Any, keys: Headers, said: dict[str, Any]
) -> None:
    made = client.post("/api/v1/inbound", json={"name": "x", **said}, headers=keys["admin"])
    assert made.status_code == 422, made.text


def test_two_at_once_are_one(app: Flask, address: Any, session: Session, time: clock.FixedClock) -> None:
    at, body, states = address("formbricks"), json.dumps(FORMBRICKS).encode(), []
    session.rollback()

    def send() -> None:
        sent = app.test_client().post(f"/in/v1/{at}", data=body, headers=signed("formbricks", body, time()))
        states.append(sent.json["state"] if sent.json else sent.status)

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(states) == ["known", "known", "known", "placed"]
    assert len(session.scalars(select(Response)).all()) == 1
