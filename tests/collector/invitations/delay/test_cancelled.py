"""A question that waits is taken back by an event, by the business system, and by nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from collector import clock, errors, interactions, invitations
from collector.interactions.schemas import InteractionsIn
from tests.collector.invitations.delay.conftest import DAY, Send, decision

Headers = dict[str, dict[str, str]]


@pytest.fixture
def happened(session: Session, company: Any, time: clock.FixedClock) -> Callable[..., None]:
    """``happened("refund", transaction="order-1")``: a business event arrives."""

    def call(event: str, **given: Any) -> None:
        item = {"event": event, "touchpoint": "installed", **given}
        loaded = InteractionsIn().load({"interactions": [item]})["interactions"]
        interactions.record(session, company, loaded, time())
        session.commit()

    return call


def look_up(client: FlaskClient, keys: Headers, transaction: str) -> Any:
    """What the ledger says about a transaction."""
    shown = client.get("/api/v1/decisions", query_string={"transaction": transaction}, headers=keys["read"])
    (row,) = shown.json["decisions"]
    return row


def test_an_event_of_its_transaction_cancels_it(
    session: Session, send: Send, work: Any, stored: Any, happened: Any, time: clock.FixedClock
) -> None:
    entry = send(transaction="order-1", delay=DAY, cancel_on=["refund"])
    time.move(hours=3)
    happened("refund", transaction="order-1")
    time.move(hours=21)
    work()
    assert (stored(entry).state, decision(session, entry).reason) == ("skipped", "cancelled")


def test_an_event_of_its_way_through_the_journey_cancels_it(
    session: Session, send: Send, work: Any, happened: Any, time: clock.FixedClock
) -> None:
    entry = send(transaction="order-1", delay=DAY, cancel_on=["complaint"])
    time.move(hours=3)
    happened("complaint", customer="c-1", journey="first-order")
    time.move(hours=21)
    work()
    assert decision(session, entry).reason == "cancelled"


def test_the_ledger_says_cancelled_as_soon_as_the_event_is_in(
    client: FlaskClient, trigger: Any, keys: Headers, happened: Any, time: clock.FixedClock
) -> None:
    token = trigger(transaction="order-1", delay=DAY, cancel_on=["refund"])["invitation"]["token"]
    trigger(transaction="order-2", delay=DAY, cancel_on=["refund"])
    time.move(hours=3)
    happened("refund", transaction="order-1")
    for _ in range(2):
        row = look_up(client, keys, "order-1")
        assert (row["decision"], row["reason"], row["invitation"]) == ("skip", "cancelled", None)
        assert row["rule"] == "refund happened, which cancels this ask"
        assert [earlier["reason"] for earlier in row["earlier"]] == ["scheduled"]
    assert look_up(client, keys, "order-2")["reason"] == "scheduled"
    assert client.get("/w/v1/survey", query_string={"token": token}).status_code == 410


def test_the_ledger_takes_nothing_back_that_was_seen(
    client: FlaskClient, trigger: Any, keys: Headers, happened: Any
) -> None:
    token = trigger(transaction="order-1", cancel_on=["refund"])["invitation"]["token"]
    client.post("/w/v1/events", json={"token": token, "event": "shown"})
    happened("refund", transaction="order-1")
    assert look_up(client, keys, "order-1")["reason"] == "invited"


def test_other_events_and_other_customers_cancel_nothing(
    session: Session, send: Send, work: Any, happened: Any, time: clock.FixedClock
) -> None:
    happened("complaint", customer="c-1", journey="first-order")
    time.move(minutes=1)
    entry = send(transaction="order-1", delay=DAY, cancel_on=["complaint"])
    happened("praise", transaction="order-1")
    happened("complaint", customer="c-2", journey="first-order")
    time.move(days=1)
    work()
    assert decision(session, entry).reason == "invited"


def test_an_event_that_came_first_cancels_as_well(send: Send, happened: Any) -> None:
    happened("refund", transaction="order-1")
    assert send(transaction="order-1", cancel_on=["refund"]).decision.reason == "cancelled"


def test_an_event_takes_back_what_nobody_has_seen_yet(
    session: Session, company: Any, send: Send, happened: Any, time: clock.FixedClock
) -> None:
    entry = send(transaction="order-1", cancel_on=["refund"])
    token = invitations.token_of(session, entry.invitation, time())
    happened("refund", transaction="order-1")
    with pytest.raises(errors.Gone, match="withdrawn"):
        invitations.open_token(session, token, time())


def test_the_business_system_takes_it_back(
    client: FlaskClient, trigger: Any, keys: Headers, time: clock.FixedClock
) -> None:
    token = trigger(transaction="order-1", customer="c-1", delay=DAY)["invitation"]["token"]
    assert client.delete("/api/v1/triggers/order-1", headers=keys["server"]).json == {"cancelled": 1}
    assert client.delete("/api/v1/triggers/order-1", headers=keys["server"]).json == {"cancelled": 0}
    row = look_up(client, keys, "order-1")
    assert (row["decision"], row["reason"], row["invitation"]) == ("skip", "cancelled", None)
    assert [earlier["reason"] for earlier in row["earlier"]] == ["scheduled"]
    time.move(days=1)
    assert client.get("/w/v1/survey", query_string={"token": token}).status_code == 410


def test_what_was_taken_back_unseen_is_no_contact(client: FlaskClient, trigger: Any, keys: Headers) -> None:
    trigger(transaction="order-1", customer="c-1")
    client.delete("/api/v1/triggers/order-1", headers=keys["server"])
    assert trigger(transaction="order-2", customer="c-1")["reason"] == "invited"
