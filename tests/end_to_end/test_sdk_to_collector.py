"""One order, one question, one answer, one figure: the SDK in one process, the collector in another."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import afterword
import pytest


@pytest.fixture
def order() -> str:
    return f"order-{uuid.uuid4().hex[:8]}"


@pytest.fixture
def customer(order: str) -> str:
    return f"customer-of-{order}"


@pytest.fixture
def sdk(collector: Any, tmp_path: Path) -> Iterator[afterword.Client]:
    made = afterword.Client(
        collector.url, api_key=collector.keys["server_key"], outbox=str(tmp_path / "outbox.db")
    )
    yield made
    made.close()


def _answer(collector: Any, token: str, **answers: Any) -> int:
    body = {"token": token, "response_id": str(uuid.uuid4()), "answers": answers, "complete": True}
    return int(collector.post("/w/v1/responses", body)[0])


def _n(collector: Any) -> int:
    _, figures = collector.get("/api/v1/kpis?metric=nps&journey=first-order", "read_key")
    return int(figures["series"][0]["points"][0]["n"])


def test_a_trigger_of_the_sdk_becomes_a_figure(collector: Any, sdk: Any, order: str, customer: str) -> None:
    before = _n(collector)
    invitation = sdk.trigger_survey(
        touchpoint="order-confirmed", journey="first-order", customer=customer, transaction=order,
        locale="de", channel="web", attributes={"tariff": "L"},
    )  # fmt: skip
    assert sdk.flush(10)
    status, survey = collector.get(f"/w/v1/survey?token={invitation.token}")
    assert (status, survey["locale"], survey["invitation_id"]) == (200, "de", str(invitation.id))
    assert _answer(collector, invitation.token, score=9, comment="Gut!") == 201
    assert _n(collector) == before + 1
    _, ledger = collector.get(f"/api/v1/decisions?transaction={order}", "server_key")
    assert [(row["decision"], row["reason"]) for row in ledger["decisions"]] == [("invite", "invited")]


def test_a_link_works_before_its_trigger_arrives(collector: Any, order: str, customer: str) -> None:
    away = afterword.Client("http://127.0.0.1:9", api_key=collector.keys["server_key"], outbox=None)
    invitation = away.trigger_survey(touchpoint="order-confirmed", customer=customer, transaction=order)
    assert collector.get(f"/w/v1/survey?token={invitation.token}")[0] == 200
    _, ledger = collector.get(f"/api/v1/decisions?transaction={order}", "server_key")
    assert len(ledger["decisions"]) == 1
    away.close()


def test_the_same_transaction_twice_is_one_invitation(
    collector: Any, sdk: Any, order: str, customer: str
) -> None:
    first, second = (
        sdk.trigger_survey(touchpoint="order-confirmed", customer=customer, transaction=order)
        for _ in range(2)
    )
    assert first.id == second.id
    assert sdk.flush(10)
    _, ledger = collector.get(f"/api/v1/decisions?transaction={order}", "server_key")
    assert sorted(row["reason"] for row in ledger["decisions"]) == ["invited", "same_transaction"]


def test_a_backend_trigger_shows_on_the_next_page_view(
    collector: Any, sdk: Any, order: str, customer: str
) -> None:
    token = sdk.customer_token(customer)
    assert collector.get(f"/w/v1/survey?customer={token}")[0] == 204
    sdk.trigger_survey(touchpoint="order-confirmed", customer=customer, transaction=order)
    assert sdk.flush(10)
    status, survey = collector.get(f"/w/v1/survey?customer={token}")
    assert status == 200
    assert _answer(collector, survey["token"], score=3) == 201
    assert collector.get(f"/w/v1/survey?customer={token}")[0] == 204


def test_a_cancelled_survey_is_gone(collector: Any, sdk: Any, order: str, customer: str) -> None:
    invitation = sdk.trigger_survey(touchpoint="order-confirmed", customer=customer, transaction=order)
    sdk.cancel_survey(transaction=order)
    assert sdk.flush(10)
    status, problem = collector.get(f"/w/v1/survey?token={invitation.token}")
    assert (status, problem["code"]) == (410, "survey_closed")


def test_a_refund_takes_the_question_back(collector: Any, sdk: Any, order: str, customer: str) -> None:
    invitation = sdk.trigger_survey(
        touchpoint="order-confirmed", customer=customer, transaction=order, cancel_on=["refund"]
    )
    sdk.record_interaction(event="refund", transaction=order)
    assert sdk.flush(10)
    assert sdk.dead_letters() == []
    status, problem = collector.get(f"/w/v1/survey?token={invitation.token}")
    assert (status, problem["code"]) == (410, "survey_closed")


def test_an_erased_customer_leaves_nothing(collector: Any, sdk: Any, order: str, customer: str) -> None:
    before = _n(collector)
    invitation = sdk.trigger_survey(touchpoint="order-confirmed", customer=customer, transaction=order)
    assert sdk.flush(10)
    assert _answer(collector, invitation.token, score=9) == 201
    assert _n(collector) == before + 1
    sdk.erase_customer(customer)
    assert sdk.flush(10)
    assert _n(collector) == before
    _, ledger = collector.get(f"/api/v1/decisions?customer={customer}", "server_key")
    assert ledger["decisions"] == []
