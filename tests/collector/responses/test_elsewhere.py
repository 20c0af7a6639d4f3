"""Answers given on the phone, at a counter or on paper count in the same series and disturb nobody."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import invitations
from collector.responses import Response

Headers = dict[str, dict[str, str]]
CALL = {
    "touchpoint": "order-confirmed",
    "customer": "c-1",
    "channel": "phone",
    "occurred_at": "2026-10-01T09:30:00+02:00",
    "answers": {"score": 4, "comment": "Too slow. 0171 1234567"},
    "context": {"element": "tariff-select", "url": "/checkout"},
}


def post(client: FlaskClient, keys: Headers, *items: dict[str, Any]) -> Any:
    return client.post("/api/v1/responses", json={"responses": list(items)}, headers=keys["server"])


def test_req_017_it_counts_in_the_same_series_on_the_day_it_was_given(
    client: FlaskClient, session: Session, keys: Headers, trigger: Any, answer: Any
) -> None:
    answer(trigger(transaction="order-1")["invitation"]["token"], score=10)
    assert post(client, keys, CALL).json == {"accepted": 1, "duplicates": 0}
    asked, called = session.scalars(select(Response).order_by(Response.received_at, Response.score.desc()))
    assert called.series_id == asked.series_id
    assert (called.day.isoformat(), called.channel, called.respondent) == ("2026-10-01", "phone", "customer")
    assert called.comment == "Too slow. [tel]"
    assert called.comment_stems == " too slow tel "
    assert called.context == {"element": "tariff-select", "url": "/checkout"}
    assert called.journey == "first-order"
    assert called.journey_instance
    shown = client.get("/api/v1/kpis", query_string={"metric": "nps"}, headers=keys["read"]).json
    assert sum(point["n"] for point in shown["series"][0]["points"]) == 2


def test_backfill_asks_nobody_and_starts_no_wait(
    client: FlaskClient, session: Session, keys: Headers, trigger: Any
) -> None:
    post(client, keys, {**CALL, "occurred_at": "2026-11-01T09:00:00Z"})
    assert session.scalars(select(invitations.Invitation)).all() == []
    session.rollback()
    assert trigger(customer="c-1", transaction="order-1")["reason"] == "invited"


def test_it_starts_the_waits_where_the_customer_was_asked(
    client: FlaskClient, keys: Headers, trigger: Any
) -> None:
    post(client, keys, {**CALL, "occurred_at": "2026-11-01T09:00:00Z", "counts_as_contact": True})
    told = trigger(customer="c-1", transaction="order-1", journey_instance="another")
    assert (told["reason"], told["next_eligible_at"]) == ("quarantine", "2027-01-30T09:00:00Z")


@pytest.mark.parametrize("respondent", ["employee", "partner"])
def test_employees_and_partners_are_kept_apart(
    client: FlaskClient, session: Session, keys: Headers, company: Any, respondent: str
) -> None:
    told = post(client, keys, {**CALL, "customer": None, "respondent": respondent})
    assert told.json == {"accepted": 1, "duplicates": 0}
    assert session.scalars(select(Response.respondent)).one() == respondent


def test_the_same_answer_twice_is_one(client: FlaskClient, keys: Headers, company: Any) -> None:
    by_id = {**CALL, "response_id": str(uuid.uuid4())}
    by_transaction = {**CALL, "transaction": "call-17"}
    assert post(client, keys, by_id, by_transaction).json == {"accepted": 2, "duplicates": 0}
    assert post(client, keys, by_transaction, by_id).json == {"accepted": 0, "duplicates": 2}


def test_a_bad_item_is_named_and_nothing_is_stored(
    client: FlaskClient, session: Session, keys: Headers, company: Any
) -> None:
    refused = post(
        client, keys, CALL, {**CALL, "touchpoint": "nowhere"}, {**CALL, "answers": {"score": 11}}, {**CALL, "survey": "no"}
    )  # fmt: skip
    assert refused.status_code == 422
    assert set(refused.json["fields"]) == {
        "responses.1.touchpoint",
        "responses.2.answers.score",
        "responses.3.survey",
    }
    assert session.scalars(select(Response)).all() == []


def test_a_read_key_may_not(client: FlaskClient, keys: Headers, company: Any) -> None:
    assert (
        client.post("/api/v1/responses", json={"responses": [CALL]}, headers=keys["read"]).status_code == 403
    )
