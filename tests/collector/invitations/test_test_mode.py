"""Test mode: what a test key sends is decided, shown and answered as ever, and counts for nothing."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import clock, test_mode, workspaces
from collector.db import Base

Call = Callable[..., Any]


@pytest.fixture
def test_key(session: Session, company: Any, time: clock.FixedClock) -> dict[str, str]:
    made = workspaces.mint_key(session, company, "test", "Staging", time())
    session.commit()
    assert made.text.startswith("aw_sk_test_")
    return {"Authorization": f"Bearer {made.text}"}


@pytest.fixture
def order(client: FlaskClient, test_key: dict[str, str]) -> Call:
    """``order(transaction="o-1")`` sends a trigger with the test key and gives the decision."""

    def call(**given: Any) -> Any:
        item = {"touchpoint": "order-confirmed", "journey": "first-order", "customer": "c-1", **given}
        answer = client.post("/api/v1/triggers", json={"triggers": [item]}, headers=test_key)
        assert answer.status_code == 200, answer.text
        return answer.json["decisions"][0]

    return call


def everything(session: Session) -> dict[str, int]:
    """How many rows each table holds, but for test orders and what the key's use leaves."""
    session.rollback()
    found = {
        table.name: len(session.execute(select(*table.primary_key.columns)).all())
        for table in Base.metadata.sorted_tables
        if table.name not in {"test_order", "key_use"}
    }
    session.rollback()
    return found


def respond(client: FlaskClient, token: str, score: int, **more: Any) -> Any:
    body = {"token": token, "response_id": str(uuid.uuid4()), "answers": {"score": score}, **more}
    return client.post("/w/v1/responses", json=body)


def test_a_test_order_leaves_nothing_but_itself(client: FlaskClient, order: Call, session: Session) -> None:
    before = everything(session)
    made = order(transaction="o-1")
    token = made["invitation"]["token"]
    survey = client.get("/w/v1/survey", query_string={"token": token, "locale": "de"})
    assert (survey.status_code, survey.json["locale"]) == (200, "de")
    assert client.post("/w/v1/events", json={"token": token, "event": "shown"}).status_code == 202
    answer = respond(client, token, 9, complete=True)
    assert (answer.status_code, answer.json["answers"]) == (201, ["score"])
    assert client.get("/w/v1/survey", query_string={"token": token}).status_code == 410
    assert everything(session) == before


def test_it_is_listed_with_its_answer(
    client: FlaskClient, order: Call, session: Session, company: Any
) -> None:
    respond(client, order(transaction="o-1")["invitation"]["token"], 9)
    order(touchpoint="nowhere")
    session.rollback()
    newest = test_mode.newest(session, company.workspace_id, 10)
    told = {(row.reason, row.state, row.answers.get("score")) for row in newest}
    assert told == {("unknown_touchpoint", "skipped", None), ("invited", "answered", 9)}


def test_the_same_customer_is_asked_at_every_test_order(order: Call) -> None:
    found = [order(transaction=f"o-{number}")["reason"] for number in range(3)]
    assert found == ["invited"] * 3
    assert order(transaction="o-1", touchpoint="order-confirmed")["reason"] == "same_transaction"


@pytest.mark.parametrize(
    ("touchpoint", "reason"), [("nowhere", "unknown_touchpoint"), ("unasked", "no_survey")]
)
def test_it_says_why_nothing_is_asked(order: Call, touchpoint: str, reason: str) -> None:
    decision = order(touchpoint=touchpoint, journey=None)
    assert (decision["decision"], decision["reason"]) == ("skip", reason)
    assert decision["rule"]


def test_the_hosted_page_works_without_script(client: FlaskClient, order: Call, session: Session) -> None:
    before = everything(session)
    token = order(transaction="o-1")["invitation"]["token"]
    assert "Example Telecom" in client.get(f"/s/{token}").text
    form = {"answers.score": "9", "response_id": str(uuid.uuid4()), "complete": "1"}
    assert client.post(f"/s/{token}", data=form).status_code == 303
    assert everything(session) == before


def test_a_test_key_reads_nothing_and_undoes_nothing(
    client: FlaskClient, trigger: Call, test_key: dict[str, str], keys: dict[str, Any]
) -> None:
    token = trigger(transaction="order-1")["invitation"]["token"]
    assert client.delete("/api/v1/triggers/order-1", headers=test_key).json == {"cancelled": 0}
    assert client.get("/w/v1/survey", query_string={"token": token}).status_code == 200
    for path in ("/api/v1/decisions", "/api/v1/kpis?metric=nps", "/api/v1/exports/responses.csv"):
        assert client.get(path, headers=test_key).status_code == 403, path
    happened = {"interactions": [{"touchpoint": "order-confirmed", "customer": "c-1"}]}
    answer = client.post("/api/v1/interactions", json=happened, headers=test_key)
    assert answer.json == {"accepted": 0, "duplicates": 0}


def test_a_revoked_test_key_s_links_open_no_more(
    client: FlaskClient, order: Call, session: Session, company: Any, time: clock.FixedClock
) -> None:
    token = order(transaction="o-1")["invitation"]["token"]
    workspaces.revoke_key(session, company.workspace_id, token.split(".")[0], time())
    session.commit()
    assert client.get("/w/v1/survey", query_string={"token": token}).status_code == 401


def test_what_is_older_than_a_month_goes(
    order: Call, session: Session, company: Any, time: clock.FixedClock
) -> None:
    order(transaction="o-1")
    time.move(days=31)
    order(transaction="o-2")
    session.rollback()
    assert [row.transaction for row in test_mode.newest(session, company.workspace_id, 10)] == ["o-2"]
