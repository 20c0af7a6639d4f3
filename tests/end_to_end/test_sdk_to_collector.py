"""One order, one question, one answer, one figure: the SDK in one process, the collector in another."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import afterword


def _token(invitation: afterword.Invitation) -> str:
    return str(invitation.token)


def test_a_trigger_of_the_sdk_becomes_a_figure(collector: Any, tmp_path: Path) -> None:
    sdk = afterword.Client(collector.url, api_key=collector.keys["server_key"], outbox=str(tmp_path / "outbox.db"))
    invitation = sdk.trigger_survey(
        touchpoint="order-confirmed", journey="first-order", customer="c-1842", transaction="order-991",
        locale="de", channel="web", attributes={"tariff": "L"},
    )  # fmt: skip
    assert sdk.flush(10)

    status, survey = collector.get(f"/w/v1/survey?token={invitation.token}")
    assert (status, survey["locale"], survey["invitation_id"]) == (200, "de", str(invitation.id))
    body = {"token": _token(invitation), "response_id": str(uuid.uuid4()), "answers": {"score": 9, "comment": "Gut!"}}
    assert collector.post("/w/v1/responses", body)[0] == 201

    _, figures = collector.get("/api/v1/kpis?metric=nps&journey=first-order", "read_key")
    assert figures["series"][0]["points"][0]["n"] == 1
    _, ledger = collector.get("/api/v1/decisions?transaction=order-991", "server_key")
    assert [(row["decision"], row["reason"]) for row in ledger["decisions"]] == [("invite", "invited")]
    sdk.close()


def test_a_link_works_before_its_trigger_arrives(collector: Any) -> None:
    away = afterword.Client("http://127.0.0.1:9", api_key=collector.keys["server_key"], outbox=None)
    invitation = away.trigger_survey(touchpoint="order-confirmed", customer="c-1", transaction="order-1")
    assert collector.get(f"/w/v1/survey?token={invitation.token}")[0] == 200
    _, ledger = collector.get("/api/v1/decisions?transaction=order-1", "server_key")
    assert len(ledger["decisions"]) == 1
    away.close()


def test_the_same_transaction_twice_is_one_invitation(collector: Any) -> None:
    sdk = afterword.Client(collector.url, api_key=collector.keys["server_key"], outbox=None)
    first, second = (
        sdk.trigger_survey(touchpoint="order-confirmed", customer="c-1", transaction="order-1") for _ in range(2)
    )
    assert first.id == second.id
    assert sdk.flush(10)
    _, ledger = collector.get("/api/v1/decisions?transaction=order-1", "server_key")
    assert sorted(row["reason"] for row in ledger["decisions"]) == ["invited", "same_transaction"]
    sdk.close()


def test_a_backend_trigger_shows_on_the_next_page_view(collector: Any) -> None:
    sdk = afterword.Client(collector.url, api_key=collector.keys["server_key"], outbox=None)
    token = sdk.customer_token("c-7")
    assert collector.get(f"/w/v1/survey?customer={token}")[0] == 204
    sdk.trigger_survey(touchpoint="order-confirmed", customer="c-7", transaction="order-7")
    assert sdk.flush(10)
    status, survey = collector.get(f"/w/v1/survey?customer={token}")
    assert status == 200
    body = {"token": survey["token"], "response_id": str(uuid.uuid4()), "answers": {"score": 3}, "complete": True}
    assert collector.post("/w/v1/responses", body)[0] == 201
    assert collector.get(f"/w/v1/survey?customer={token}")[0] == 204
    sdk.close()


def test_a_cancelled_survey_is_gone(collector: Any) -> None:
    sdk = afterword.Client(collector.url, api_key=collector.keys["server_key"], outbox=None)
    invitation = sdk.trigger_survey(touchpoint="order-confirmed", customer="c-1", transaction="order-1")
    sdk.cancel_survey(transaction="order-1")
    assert sdk.flush(10)
    status, problem = collector.get(f"/w/v1/survey?token={invitation.token}")
    assert (status, problem["code"]) == (410, "survey_closed")
    sdk.close()


def test_an_erased_customer_leaves_nothing(collector: Any) -> None:
    sdk = afterword.Client(collector.url, api_key=collector.keys["server_key"], outbox=None)
    invitation = sdk.trigger_survey(touchpoint="order-confirmed", customer="c-1", transaction="order-1")
    assert sdk.flush(10)
    body = {"token": _token(invitation), "response_id": str(uuid.uuid4()), "answers": {"score": 9}}
    collector.post("/w/v1/responses", body)
    sdk.erase_customer("c-1")
    sdk.flush(10)
    _, figures = collector.get("/api/v1/kpis?metric=nps", "read_key")
    assert figures["series"][0]["points"][0]["n"] == 0
    _, ledger = collector.get("/api/v1/decisions?customer=c-1", "server_key")
    assert ledger["decisions"] == []
    sdk.close()
