"""Outcomes are taken under their own keys, joined by pseudonym, and gone with their customer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import clock
from collector.outcomes.models import KpiValue, Outcome

Headers = dict[str, dict[str, str]]
CHURN = {"key": "crm-1", "kind": "churn", "customer": "c-1"}
COST = {
    "key": "erp-1",
    "kind": "cost",
    "customer": "c-1",
    "value": "12.30",
    "currency": "EUR",
    "journey": "first-order",
}
MONTH = {
    "kpi": "containment",
    "touchpoint": "installed",
    "from": "2026-10-01",
    "to": "2026-10-31",
    "value": 41.5,
    "unit": "%",
}


@pytest.fixture
def put(client: FlaskClient, company: Any, keys: Headers) -> Callable[..., Any]:
    def call(*outcomes: dict[str, Any]) -> Any:
        return client.put("/api/v1/outcomes", json={"outcomes": outcomes}, headers=keys["server"])

    return call


@pytest.fixture
def put_values(client: FlaskClient, company: Any, keys: Headers) -> Callable[..., Any]:
    def call(*values: dict[str, Any]) -> Any:
        return client.put("/api/v1/kpi-values", json={"values": values}, headers=keys["server"])

    return call


def test_the_same_again_changes_nothing_and_another_value_replaces(put: Any, session: Session) -> None:
    assert put(CHURN, COST).json == {"taken": 2, "unchanged": 0, "dropped": 0}
    assert put(CHURN, COST).json == {"taken": 0, "unchanged": 2, "dropped": 0}
    assert put({**COST, "value": 12.31}).json == {"taken": 1, "unchanged": 0, "dropped": 0}
    assert session.scalars(select(Outcome.amount).order_by(Outcome.key)).all() == [10_000, 123_100]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({**COST, "currency": None}, "currency"),
        ({**COST, "unit": "hours"}, "currency"),
        ({**COST, "value": None}, "value"),
        ({**COST, "value": "a lot"}, "value"),
        ({**COST, "value": 0.00001}, "value"),
        ({**COST, "value": 1e300}, "value"),
        ({**CHURN, "value": 3}, "value"),
        ({**CHURN, "unit": "hours"}, "unit"),
        ({**CHURN, "customer": None}, "customer"),
        ({**CHURN, "kind": "joy"}, "kind"),
        ({**CHURN, "key": "eva@example.com"}, "transaction"),
        ({**CHURN, "touchpoint": "nowhere"}, "touchpoint"),
        ({**CHURN, "occurred_at": "2999-01-01T00:00:00Z"}, "occurred_at"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(put: Any, wrong: dict[str, Any], field: str) -> None:
    answer = put(wrong)
    assert answer.status_code == 422
    assert any(name.endswith(field) for name in answer.json["fields"]), answer.text


def test_req_041_joined_are_those_whose_customer_was_met(
    client: FlaskClient, put: Any, trigger: Any, keys: Headers
) -> None:
    trigger(customer="c-1")
    put(CHURN, {**CHURN, "key": "crm-2", "customer": "stranger"})
    (told,) = client.get("/api/v1/outcomes/summary", headers=keys["read"]).json["outcomes"]
    assert (told["outcomes"], told["looked_at"], told["joined"], told["total"]) == (2, 2, 1, None)
    listed = client.get("/api/v1/outcomes?unmatched=true", headers=keys["admin"]).json["outcomes"]
    assert [each["key"] for each in listed] == ["crm-2"]


def test_sums_of_five_and_more_are_exact(client: FlaskClient, put: Any, keys: Headers) -> None:
    put(*({**COST, "key": f"erp-{n}", "value": 0.1} for n in range(4)))
    (told,) = client.get("/api/v1/outcomes/summary", headers=keys["read"]).json["outcomes"]
    assert told["total"] is None
    put({**COST, "key": "erp-9", "value": 0.2})
    (told,) = client.get("/api/v1/outcomes/summary", headers=keys["read"]).json["outcomes"]
    assert told["total"] == 0.6


def test_pages_of_outcomes_hold_each_once(client: FlaskClient, put: Any, keys: Headers) -> None:
    put(*({**CHURN, "key": f"crm-{n}"} for n in range(5)))
    found, cursor = [], ""
    while cursor is not None:
        page = client.get(f"/api/v1/outcomes?limit=2&cursor={cursor}", headers=keys["admin"]).json
        found += [each["key"] for each in page["outcomes"]]
        cursor = page["next"]
    assert found == [f"crm-{n}" for n in range(5)]


def test_they_go_with_their_customer_and_come_back_no_more(
    client: FlaskClient, put: Any, trigger: Any, keys: Headers, session: Session, time: clock.FixedClock
) -> None:
    trigger(customer="c-1", journey_instance="way-1")
    put(
        CHURN,
        {"key": "crm-2", "kind": "resolved", "journey_instance": "way-1"},
        {**CHURN, "key": "crm-3", "customer": "c-2"},
    )
    erased = client.delete("/api/v1/customers/c-1", headers=keys["server"]).json["erased"]
    assert erased["outcomes"] == 2
    assert session.scalars(select(Outcome.key)).all() == ["crm-3"]
    session.rollback()
    assert put({**CHURN, "occurred_at": clock.iso(time())}).json == {"taken": 0, "unchanged": 0, "dropped": 1}


def test_the_timeline_tells_what_became_of_somebody(client: FlaskClient, put: Any, keys: Headers) -> None:
    put({**COST, "touchpoint": "installed"})
    events = client.get("/api/v1/customers/c-1/timeline", headers=keys["admin"]).json["events"]
    assert [(each["kind"], each["said"]["value"], each["said"]["unit"]) for each in events] == [
        ("outcome", 12.3, "EUR")
    ]


def test_req_038_kpi_values_stand_once_by_kpi_touchpoint_and_period(
    client: FlaskClient, put_values: Any, keys: Headers, session: Session
) -> None:
    said = {**MONTH, "source": "Call centre"}
    assert put_values(said, {**said, "from": "2026-11-01", "to": "2026-11-30"}).json["taken"] == 2
    assert put_values(said).json["taken"] == 0
    assert put_values({**said, "value": 40}).json["taken"] == 1
    assert session.scalars(select(KpiValue.measured).order_by(KpiValue.until)).all() == [40, 41.5]
    shown = client.get("/api/v1/kpi-values?kpi=containment", headers=keys["read"]).json["values"]
    assert [(each["from"], each["value"], each["source"]) for each in shown] == [
        ("2026-11-01", 41.5, "Call centre"), ("2026-10-01", 40, "Call centre"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({}, "source"),
        ({"kind": "benchmark", "source": "The regulator"}, "dated"),
        ({"source": "x", "to": "2026-09-01"}, "to"),
        ({"source": "x", "touchpoint": "nowhere"}, "touchpoint"),
    ],
)
def test_req_072_a_value_without_its_source_is_refused(
    put_values: Any, said: dict[str, Any], field: str
) -> None:
    answer = put_values({**MONTH, **said})
    assert answer.status_code == 422
    assert any(name.endswith(field) for name in answer.json["fields"]), answer.text
