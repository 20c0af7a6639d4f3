"""A refund happens to a transaction, at no touchpoint: it cancels what waits, and is no visit."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from collector import clock, interactions
from collector.dashboard import unassigned
from collector.exchange import xes
from collector.kpis import walks

Headers = dict[str, dict[str, str]]
Record = Callable[..., Any]
REFUND = {"event": "refund", "transaction": "order-1"}
STEP = {"touchpoint": "installed", "journey": "first-order", "customer": "c-1"}


@pytest.fixture
def record(client: FlaskClient, company: Any, keys: Headers) -> Record:
    """``record({"touchpoint": ...}, ...)``: post a batch of interactions."""

    def call(*items: dict[str, Any]) -> Any:
        return client.post("/api/v1/interactions", json={"interactions": items}, headers=keys["server"])

    return call


def reason(client: FlaskClient, keys: Headers, transaction: str) -> str:
    shown = client.get("/api/v1/decisions", query_string={"transaction": transaction}, headers=keys["read"])
    (row,) = shown.json["decisions"]
    return str(row["reason"])


def test_it_cancels_what_waits(client: FlaskClient, trigger: Any, record: Record, keys: Headers) -> None:
    trigger(transaction="order-1", delay=3600, cancel_on=["refund"])
    assert record(REFUND).json == {"accepted": 1, "duplicates": 0}
    assert reason(client, keys, "order-1") == "cancelled"


def test_it_may_come_before_its_trigger(
    client: FlaskClient, trigger: Any, record: Record, keys: Headers
) -> None:
    record(REFUND)
    trigger(transaction="order-1", delay=3600, cancel_on=["refund"])
    assert reason(client, keys, "order-1") == "cancelled"


def test_it_touches_no_other_transaction(
    client: FlaskClient, trigger: Any, record: Record, keys: Headers
) -> None:
    trigger(transaction="order-2", delay=3600, cancel_on=["refund"])
    record(REFUND)
    assert reason(client, keys, "order-2") == "scheduled"


def test_it_is_no_visit(record: Record, session: Session, company: Any) -> None:
    record(STEP, {**REFUND, "journey": "first-order", "customer": "c-1", "touchpoint": None})
    begun = walks.begun(company.workspace_id, "first-order")
    (walk,) = walks.read(session, company.workspace_id, "first-order", begun)
    assert [visit.step for visit in walk] == ["installed"]


def test_there_is_nothing_to_assign(record: Record, session: Session, company: Any) -> None:
    record(REFUND, {**STEP, "touchpoint": "branch-office"})
    assert [stray.touchpoint for stray in unassigned.strays(session, company.workspace_id)] == [
        "branch-office"
    ]


def test_process_mining_knows_it_by_its_event(record: Record, session: Session, company: Any) -> None:
    record({**REFUND, "journey": "first-order", "customer": "c-1"})
    file = io.StringIO()
    assert list(xes.export_interactions(session, company.workspace_id, file)) == [1]
    names = [
        each.get("value")
        for each in ElementTree.fromstring(file.getvalue()).iter()
        if each.get("key") == "concept:name"
    ]
    assert names[1:] == ["refund"]


def test_without_a_touchpoint_and_a_transaction_it_belongs_nowhere(
    record: Record, session: Session, company: Any, time: clock.FixedClock
) -> None:
    refused = record(STEP, {"event": "refund", "customer": "c-1"})
    assert refused.status_code == 422
    assert refused.json["fields"] == {"interactions.1.touchpoint": ["needed where no transaction is named"]}
    assert session.query(interactions.Interaction).count() == 0
