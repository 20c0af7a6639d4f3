"""Undoing has a memory: whatever order deliveries arrive in, what was taken back or erased stays so."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from collector import clock
from collector.invitations.models import Trigger


@pytest.fixture
def call(client: FlaskClient, keys: dict[str, Any], company: Any) -> Any:
    def made(method: str, path: str, **body: Any) -> Any:
        answer = client.open(f"/api/v1/{path}", method=method, json=body or None, headers=keys["server"])
        assert answer.status_code == 200, answer.text
        return answer.json

    return made


def test_a_cancellation_that_arrives_first_still_cancels(
    call: Any, trigger: Any, time: clock.FixedClock
) -> None:
    before = clock.iso(time())
    time.move(minutes=1)
    assert call("DELETE", "triggers/order-1") == {"cancelled": 0}
    late = trigger(transaction="order-1", occurred_at=before)
    assert (late["decision"], late["reason"]) == ("skip", "cancelled")
    time.move(minutes=1)
    again = trigger(transaction="order-1")
    assert again["decision"] == "invite", "what happens after the cancellation is something new"


@pytest.mark.parametrize("first", ["cancellation", "trigger"])
def test_what_happened_after_a_cancellation_stands_though_the_message_was_late(
    call: Any, trigger: Any, time: clock.FixedClock, first: str
) -> None:
    undone = time()
    time.move(minutes=1)
    happened = clock.iso(time())
    time.move(hours=1)
    late = f"triggers/order-1?occurred_at={clock.iso(undone)}"
    if first == "cancellation":
        call("DELETE", late)
    assert trigger(transaction="order-1", occurred_at=happened)["decision"] == "invite"
    assert call("DELETE", late) == {"cancelled": 0}
    assert call("DELETE", "triggers/order-1?occurred_at=2099-01-01T00:00:00Z") == {"cancelled": 1}
    time.move(minutes=1)
    assert trigger(transaction="order-1b")["decision"] == "invite", (
        "a clock that is ahead cancels nothing to come"
    )


def test_what_an_erased_customer_did_after_their_wish_stands_though_the_message_was_late(
    call: Any, trigger: Any, time: clock.FixedClock
) -> None:
    wished = time()
    time.move(minutes=1)
    came_back = clock.iso(time())
    time.move(hours=1)
    call("DELETE", f"customers/c-9?occurred_at={clock.iso(wished)}")
    again = trigger(customer="c-9", transaction="order-4", occurred_at=came_back)
    assert again["decision"] == "invite"
    before = trigger(customer="c-9", transaction="order-5", occurred_at=clock.iso(wished))
    assert before["reason"] == "cancelled"


def test_when_it_was_undone_is_read_as_a_time(client: FlaskClient, keys: dict[str, Any]) -> None:
    for path in ("triggers/order-1", "customers/c-1"):
        answer = client.delete(f"/api/v1/{path}?occurred_at=yesterday", headers=keys["server"])
        assert (answer.status_code, answer.json["code"]) == (422, "invalid_input")


def test_a_refund_that_arrives_first_still_cancels(call: Any, trigger: Any) -> None:
    call("POST", "interactions", interactions=[{"event": "refund", "transaction": "order-2"}])
    assert trigger(transaction="order-2", cancel_on=["refund"])["reason"] == "cancelled"


def test_an_erased_customer_is_not_brought_back_by_what_they_did_before(
    call: Any, trigger: Any, time: clock.FixedClock, session: Session
) -> None:
    before = clock.iso(time())
    time.move(minutes=1)
    call("DELETE", "customers/c-9")
    late = trigger(customer="c-9", transaction="order-3", occurred_at=before, attributes={"tariff": "L"})
    assert (late["decision"], late["reason"]) == ("skip", "cancelled")
    step = {"touchpoint": "installed", "customer": "c-9", "occurred_at": before}
    assert call("POST", "interactions", interactions=[step])["accepted"] == 0
    stored = session.scalars(select(Trigger)).one()
    assert (stored.customer, stored.transaction, stored.attributes) == (None, None, {})
    session.rollback()
    time.move(minutes=1)
    assert trigger(customer="c-9", transaction="order-4")["decision"] == "invite", "they came back themselves"


@pytest.mark.parametrize("delivered", [True, False])
def test_an_erased_customers_link_is_over_for_ever(
    call: Any,
    client: FlaskClient,
    trigger: Any,
    answer: Any,
    time: clock.FixedClock,
    session: Session,
    delivered: bool,
) -> None:
    asked = trigger(customer="c-8", transaction="order-5")["invitation"]
    if delivered:
        assert answer(asked["token"], score=3).status_code == 201
    else:
        session.execute(text("delete from decision"))
        session.execute(text("delete from invitation"))
        session.execute(text("delete from trigger"))
        session.commit()
    time.move(minutes=1)
    call("DELETE", "customers/c-8")
    for _ in range(2):
        time.move(days=1)
        assert client.get(f"/s/{asked['token']}").status_code == 410
        assert client.get(f"/w/v1/survey?token={asked['token']}").status_code == 410
        assert answer(asked["token"], score=9).status_code == 410
    for table in ("trigger", "decision", "invitation", "response", "journey_instance"):
        assert session.execute(text(f"select count(*) from {table}")).scalar() == 0, table


def test_a_tombstone_names_nobody(call: Any, session: Session) -> None:
    call("DELETE", "customers/c-7")
    call("DELETE", "triggers/order-7")
    kept = session.execute(text("select kind, digest from tombstone")).all()
    assert {row.kind for row in kept} == {"customer", "transaction"}
    assert not any("c-7" in row.digest or "order-7" in row.digest for row in kept)


def test_an_older_cancellation_does_not_shorten_a_newer_one(
    session: Session, company: Any, time: Any
) -> None:
    from collector.interactions import tombstones

    for hours in (0, -5):
        at = time() + timedelta(hours=hours)
        tombstones.bury(session, company.workspace_id, tombstones.TRANSACTION, ["t"], at)
    found = tombstones.buried_at(session, company.workspace_id, tombstones.TRANSACTION, ["t", "u"])
    assert found == {"t": time()}
