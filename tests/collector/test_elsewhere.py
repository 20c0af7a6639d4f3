"""Demands about what lies in other places: posts without a score, records that are named and not copied, a whole way."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from browsers import PASSWORD, sign_in
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import inspect, select, text
from sqlalchemy.orm import Session

from collector import clock, workspaces
from collector.responses import Response

Headers = dict[str, dict[str, str]]
POST = {
    "touchpoint": "order-confirmed", "journey": "first-order", "channel": "social", "respondent": "customer",
    "transaction": "post-1", "answers": {"comment": "They never pick up"},
}  # fmt: skip


@pytest.fixture
def sally(app: Flask, session: Session, company: Any, time: clock.FixedClock) -> Any:
    """Somebody signed in who sees everything."""
    workspaces.add_person(
        session, company.workspace_id, "sally@example.com", "Sally", PASSWORD, time(), role="administrator"
    )
    session.commit()
    return sign_in(app, "sally@example.com")


def test_req_092_a_post_without_a_score_is_stored_once_and_counts_in_no_figure(
    client: FlaskClient, session: Session, company: Any, keys: Headers, trigger: Any, answer: Any, sally: Any
) -> None:
    answer(trigger(transaction="order-1")["invitation"]["token"], score=9, complete=True)
    asked = {"metric": "nps", "touchpoint": "order-confirmed"}
    before = client.get("/api/v1/kpis", query_string=asked, headers=keys["read"]).json
    sent = [
        client.post("/api/v1/responses", json={"responses": [POST]}, headers=keys["server"]).json
        for _ in range(2)
    ]
    assert sent == [{"accepted": 1, "duplicates": 0}, {"accepted": 0, "duplicates": 1}]
    row = session.scalars(select(Response).where(Response.transaction == "post-1")).one()
    assert (row.channel, row.score, row.customer) == ("social", None, None)
    after = client.get("/api/v1/kpis", query_string=asked, headers=keys["read"]).json
    assert after["series"] == before["series"]
    assert "They never pick up" in sally.get("/touchpoints/order-confirmed").text


def test_req_130_a_record_is_named_by_its_address_and_digest(
    client: FlaskClient, session: Session, company: Any, keys: Headers, sally: Any
) -> None:
    recorded = b"what was said on the phone"
    digest = hashlib.sha256(recorded).hexdigest()
    met = {
        "touchpoint": "installed", "event": "call", "customer": "c-1", "transaction": "call-991",
        "attributes": {"record": "https://calls.example.com/991", "sha256": digest, "odd": "javascript:alert(1)"},
    }  # fmt: skip
    sent = client.post("/api/v1/interactions", json={"interactions": [met]}, headers=keys["server"])
    assert sent.status_code == 200
    page = sally.get("/customers?customer=c-1").text
    assert '<a href="https://calls.example.com/991" rel="noreferrer">' in page
    assert digest in page
    assert 'href="javascript' not in page
    whole = {**met, "content": recorded.decode()}
    refused = client.post("/api/v1/interactions", json={"interactions": [whole]}, headers=keys["server"])
    assert refused.status_code == 422
    assert "content" in refused.text


def test_req_122_one_way_leads_over_all_journeys_until_it_is_erased(
    client: FlaskClient, session: Session, company: Any, keys: Headers, trigger: Any, answer: Any, sally: Any
) -> None:
    steps = [("order-confirmed", "first-order"), ("installed", "repair")]
    for touchpoint, journey in steps:
        met = {"touchpoint": touchpoint, "journey": journey, "customer": "c-1"}
        client.post("/api/v1/interactions", json={"interactions": [met]}, headers=keys["server"])
    answer(trigger(customer="c-1")["invitation"]["token"], score=2, comment="too slow", complete=True)
    told = client.get("/api/v1/customers/c-1/timeline", headers=keys["admin"]).json
    assert {event["journey"] for event in told["events"]} >= {"first-order", "repair"}
    assert "too slow" in sally.get("/customers?customer=c-1").text
    assert client.delete("/api/v1/customers/c-1", headers=keys["server"]).status_code == 200
    assert client.get("/api/v1/customers/c-1/timeline", headers=keys["admin"]).json["events"] == []
    assert "too slow" not in sally.get("/customers?customer=c-1").text
    for table in inspect(session.get_bind()).get_table_names():
        held = session.execute(text(f'SELECT * FROM "{table}"')).all()
        assert told["customer"] not in str(held), table
