"""How many statements a request of the hot path sends, exactly; the gates of ``make gates`` hold their processor time."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from statement_plans import statements_of

from collector import revisions

GATES = Path(__file__).parents[2] / "benchmarks" / "collector_gates.json"


@pytest.fixture
def sends(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """``sends("survey", call)``: the call sends no more statements than the scenario's gate; BEGIN counts, COMMIT does not."""
    monkeypatch.setattr(revisions, "LOOKED_AT", float("inf"))
    gates = json.loads(GATES.read_text())[engine.dialect.name]

    def hold(scenario: str, call: Callable[..., Any], *given: Any, **named: Any) -> Any:
        with statements_of(engine) as sent:
            answered = call(*given, **named)
        found = [statement for statement, _ in sent]
        assert len(found) <= gates[scenario]["statements"], (scenario, found)
        return answered

    return hold


def test_no_request_sends_more_than_its_gate_allows(
    client: FlaskClient, keys: dict[str, Any], trigger: Callable[..., Any], sends: Callable[..., Any]
) -> None:
    def rows(first: int, size: int) -> dict[str, Any]:
        place = {"touchpoint": "order-confirmed", "journey": "first-order"}
        names = [f"{n}" for n in range(first, first + size)]
        return {"triggers": [{**place, "customer": f"c-{n}", "transaction": f"t-{n}"} for n in names]}

    post = {"path": "/api/v1/triggers", "headers": keys["server"]}
    token, other = (trigger(customer=name)["invitation"]["token"] for name in ("a", "b"))
    client.get(f"/w/v1/survey?token={token}")  # what is defined is read once
    client.post("/w/v1/responses", json=answered(other, score=3))
    sends("survey", client.get, f"/w/v1/survey?token={token}")
    sends("event", client.post, "/w/v1/events", json={"token": token, "event": "shown"})
    first = answered(token, score=9)
    assert sends("answer", client.post, "/w/v1/responses", json=first).status_code == 201
    assert sends("trigger", client.post, json=rows(0, 1), **post).status_code == 200
    assert sends("triggers x 100", client.post, json=rows(100, 100), **post).status_code == 200


def answered(token: str, **answers: Any) -> dict[str, Any]:
    return {"token": token, "response_id": str(uuid.uuid4()), "answers": answers, "complete": True}
