"""Rubbish from a server: each item is named, nothing of the batch is stored, and other tenants stay out of reach."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector import clock, workspaces
from collector.invitations import Trigger

Headers = dict[str, dict[str, str]]
GOOD = {"touchpoint": "order-confirmed"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"touchpoint": "Order Confirmed"}, "touchpoint"),
        ({"touchpoint": None}, "touchpoint"),
        ({"touchpoint": "x" * 65}, "touchpoint"),
        ({"colour": "red"}, "colour"),
        ({"trigger_id": "1"}, "trigger_id"),
        ({"customer": ""}, "customer"),
        ({"customer": 7}, "customer"),
        ({"transaction": "x" * 129}, "transaction"),
        ({"channel": "fax"}, "channel"),
        ({"locale": "de_DE; DROP"}, "locale"),
        ({"delay": -1}, "delay"),
        ({"delay": 1.5}, "delay"),
        ({"delay": 10**9}, "delay"),
        ({"cancel_on": "refund"}, "cancel_on"),
        ({"attributes": {"Tariff": "L"}}, "attributes"),
        ({"attributes": {"tariff": ["L"]}}, "attributes"),
        ({"attributes": {"tariff": "x" * 201}}, "attributes"),
        ({"attributes": {f"a{i}": 1 for i in range(21)}}, "attributes"),
        ({"occurred_at": "2026-11-02T10:00:00"}, "occurred_at"),
        ({"occurred_at": "yesterday"}, "occurred_at"),
        ({"occurred_at": "1999-12-31T00:00:00Z"}, "occurred_at"),
        ({"occurred_at": "2999-01-01T00:00:00Z"}, "occurred_at"),
        ({"occurred_at": "0000-00-00T00:00:00Z"}, "occurred_at"),
    ],
)
def test_a_bad_item_is_named_and_the_batch_is_not_stored(
    client: FlaskClient, company: Any, keys: Headers, session: Session, change: dict[str, Any], field: str
) -> None:
    body = {"triggers": [GOOD, {**GOOD, **change}]}
    refused = client.post("/api/v1/triggers", json=body, headers=keys["server"])
    assert refused.status_code == 422, refused.text
    assert any(name.startswith(f"triggers.1.{field}") for name in refused.json["fields"])
    assert session.scalar(select(func.count()).select_from(Trigger)) == 0


@pytest.mark.parametrize("triggers", [[], [GOOD] * 501, "x", None])
def test_a_batch_holds_one_to_five_hundred(
    client: FlaskClient, company: Any, keys: Headers, triggers: Any
) -> None:
    refused = client.post("/api/v1/triggers", json={"triggers": triggers}, headers=keys["server"])
    assert (refused.status_code, refused.json["code"]) == (422, "invalid_input")


def test_an_unknown_touchpoint_is_skipped_and_never_lost(
    trigger: Callable[..., Any], session: Session
) -> None:
    decision = trigger(touchpoint="nowhere", transaction="order-1")
    assert (decision["decision"], decision["reason"], decision["invitation"]) == (
        "skip",
        "unknown_touchpoint",
        None,
    )
    assert session.scalars(select(Trigger.touchpoint)).all() == ["nowhere"]


@pytest.mark.parametrize("kind", ["read", "publishable"])
def test_a_key_of_the_wrong_kind_may_not_trigger(
    client: FlaskClient, company: Any, keys: Headers, kind: str
) -> None:
    refused = client.post("/api/v1/triggers", json={"triggers": [GOOD]}, headers=keys[kind])
    assert (refused.status_code, refused.json["code"]) == (403, "wrong_key_kind")


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic YTpi", "Bearer aw_sk_x", "Bearer \xe4"])
def test_a_wrong_header_is_refused(client: FlaskClient, company: Any, header: str) -> None:
    headers = {"Authorization": header} if header else {}
    refused = client.post("/api/v1/triggers", json={"triggers": [GOOD]}, headers=headers)
    assert refused.status_code == 401
    assert refused.json["detail"]


@pytest.fixture
def stranger(session: Session, time: clock.FixedClock) -> dict[str, str]:
    """The administrator's key of another company: it may do everything, there."""
    other = workspaces.create(session, "Other", time())
    text = workspaces.mint_key(session, other, "admin", "theirs", time()).text
    session.commit()
    return {"Authorization": f"Bearer {text}"}


def test_another_workspace_sees_and_changes_nothing(
    client: FlaskClient, trigger: Callable[..., Any], stranger: dict[str, str]
) -> None:
    token = trigger(transaction="order-1", customer="c-1")["invitation"]["token"]
    assert client.get("/api/v1/decisions?transaction=order-1", headers=stranger).json["decisions"] == []
    assert client.delete("/api/v1/triggers/order-1", headers=stranger).json == {"cancelled": 0}
    assert client.delete("/api/v1/customers/c-1", headers=stranger).json["erased"]["triggers"] == 0
    assert (
        client.get("/api/v1/kpis?metric=nps&touchpoint=order-confirmed", headers=stranger).status_code == 404
    )
    assert client.get("/w/v1/survey", query_string={"token": token}).status_code == 200


def test_another_workspaces_trigger_id_is_another_trigger(
    client: FlaskClient, trigger: Callable[..., Any], stranger: dict[str, str]
) -> None:
    trigger_id = str(uuid.uuid4())
    assert trigger(trigger_id=trigger_id)["reason"] == "invited"
    body = {"triggers": [{**GOOD, "trigger_id": trigger_id}]}
    theirs = client.post("/api/v1/triggers", json=body, headers=stranger).json["decisions"][0]
    assert theirs["reason"] == "unknown_touchpoint"


def test_a_body_over_two_megabytes_is_refused(client: FlaskClient, keys: Headers) -> None:
    refused = client.post("/api/v1/triggers", data=b" " * (2 * 1024 * 1024 + 1), headers=keys["server"])
    assert (refused.status_code, refused.json["code"]) == (413, "body_too_large")


def test_a_customers_own_id_is_stored_only_as_its_pseudonym(
    trigger: Callable[..., Any], session: Session
) -> None:
    trigger(customer="c-1842")
    stored = session.scalars(select(Trigger.customer)).one()
    assert stored
    assert stored.startswith("cu_")
    assert "1842" not in stored
