"""Attributes say what kind of case it is, never who it is: refused at the collector too, whoever sends them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from collector import personal_data

ROOT = Path(__file__).parents[3]
CALLS = {
    "triggers": {"touchpoint": "order-confirmed", "customer": "c-1"},
    "interactions": {"touchpoint": "order-confirmed", "customer": "c-1"},
    "responses": {"touchpoint": "order-confirmed", "answers": {"score": 9}, "respondent": "customer"},
}


@pytest.mark.parametrize("noun", CALLS)
@pytest.mark.parametrize("value", ["x@y.de", "+49 170 1234567", "DE89 3704 0044 0532 0130 00"])
def test_it_is_refused_by_name(
    client: FlaskClient, company: Any, keys: dict[str, Any], noun: str, value: str
) -> None:
    given = {noun: [CALLS[noun], {**CALLS[noun], "attributes": {"tariff": "L", "who": value}}]}
    answer = client.post(f"/api/v1/{noun}", json=given, headers=keys["server"])
    assert (answer.status_code, answer.json["code"]) == (422, "personal_data")
    assert list(answer.json["fields"]) == [f"{noun}.1.attributes.who"]


@pytest.mark.parametrize("noun", CALLS)
@pytest.mark.parametrize("name", ["transaction", "journey_instance"])
def test_so_is_what_names_the_case(
    client: FlaskClient, company: Any, keys: dict[str, Any], noun: str, name: str
) -> None:
    given = {noun: [{**CALLS[noun], name: "jo@example.com"}]}
    answer = client.post(f"/api/v1/{noun}", json=given, headers=keys["server"])
    assert (answer.status_code, answer.json["code"]) == (422, "personal_data")
    assert list(answer.json["fields"]) == [f"{noun}.0.{name}"]


def test_a_policy_may_let_it_pass(client: FlaskClient, company: Any, keys: dict[str, Any]) -> None:
    client.put("/api/v1/policy", json={"allow_personal_data": True}, headers=keys["admin"])
    given = {"triggers": [{**CALLS["triggers"], "attributes": {"who": "x@y.de"}}]}
    assert client.post("/api/v1/triggers", json=given, headers=keys["server"]).status_code == 200


def test_an_order_number_is_no_phone_number(client: FlaskClient, company: Any, keys: dict[str, Any]) -> None:
    given = {"triggers": [{**CALLS["triggers"], "attributes": {"order": "004915112345678"}}]}
    assert client.post("/api/v1/triggers", json=given, headers=keys["server"]).status_code == 200


def test_the_sdk_and_the_collector_go_by_the_same_rules() -> None:
    """Two distributions, one text: neither needs the other to be installed."""
    ours = Path(personal_data.__file__).read_text("utf-8")
    assert ours == (ROOT / "sdk_python" / "afterword" / "personal_data.py").read_text("utf-8")
