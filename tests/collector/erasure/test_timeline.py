"""One customer's way: steps, asks with reasons and answers, within one's scope; a look is in the record."""

from __future__ import annotations

from typing import Any

import pytest
from browsers import PASSWORD, sign_in
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import clock, workspaces
from collector.changes import Change
from collector.erasure.timeline_views import digest

Headers = dict[str, dict[str, str]]


@pytest.fixture
def lived(client: FlaskClient, keys: Headers, trigger: Any, answer: Any) -> None:
    """A customer who was met by both departments, and answered one."""
    for touchpoint in ("order-confirmed", "installed"):
        met = {
            "event": "step",
            "touchpoint": touchpoint,
            "customer": "c-1",
            "transaction": f"met-{touchpoint}",
        }
        client.post("/api/v1/interactions", json={"interactions": [met]}, headers=keys["server"])
    token = trigger(customer="c-1", transaction="order-1")["invitation"]["token"]
    answer(token, score=9, comment="quick", complete=True)


def test_all_is_told_in_order_and_the_look_is_recorded(
    client: FlaskClient, keys: Headers, lived: None, session: Session
) -> None:
    told = client.get("/api/v1/customers/c-1/timeline", headers=keys["admin"]).json
    assert sorted(event["kind"] for event in told["events"]) == ["answer", "ask", "step", "step"]
    assert [event["at"] for event in told["events"]] == sorted(
        (e["at"] for e in told["events"]), reverse=True
    )
    looked = session.scalars(select(Change).where(Change.verb == "read")).one()
    assert (looked.noun, looked.key) == ("customer", digest(told["customer"]))
    assert told["customer"] not in str(looked.__dict__)


def test_a_member_of_operations_sees_their_part(
    app: Flask, session: Session, company: Any, lived: None, time: clock.FixedClock
) -> None:
    workspaces.add_person(
        session, company.workspace_id, "olga@example.com", "Olga", PASSWORD, time(), scope=["operations"]
    )
    session.commit()
    olga = sign_in(app, "olga@example.com")
    told = olga.get("/api/v1/customers/c-1/timeline").json["events"]
    assert [(event["kind"], event["touchpoint"]) for event in told] == [("step", "installed")]
    page = olga.get("/customers?customer=c-1").text
    assert "Technician" in page
    assert "quick" not in page


def test_nobody_is_known_by_a_stranger(
    client: FlaskClient, keys: Headers, company: Any, session: Session
) -> None:
    assert client.get("/api/v1/customers/nobody/timeline", headers=keys["admin"]).json["events"] == []
    assert session.scalars(select(Change).where(Change.verb == "read")).all() == []
