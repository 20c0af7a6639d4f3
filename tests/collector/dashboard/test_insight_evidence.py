"""An insight keeps the figures of the verdict that it rests on, and weighs as much as it says."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from collector import clock, workspaces

DAYS = {"from": "2026-10-04", "to": "2026-11-02"}


@pytest.fixture
def admin_key(session: Session, company: Any, time: clock.FixedClock) -> dict[str, str]:
    minted = workspaces.mint_key(session, company, "admin", "admin", time())
    session.commit()
    return {"Authorization": f"Bearer {minted.text}"}


def _falls(client: FlaskClient, headers: dict[str, str]) -> list[dict[str, Any]]:
    found = client.get("/api/v1/verdicts", query_string=DAYS, headers=headers).json["verdicts"]
    return [each for each in found if each["estimate"] < 0 and each["kind"] in {"handover", "touchpoint"}]


def test_req_084_the_weightiest_stands_first_and_the_formula_adds_up(
    client: FlaskClient, admin_key: dict[str, str]
) -> None:
    stated = _falls(client, admin_key)
    assert len(stated) > 1
    for verdict in stated:
        given = {
            "title": verdict["kind"],
            "touchpoint": verdict["of"]["touchpoint"],
            "evidence": {"kind": verdict["kind"], "journey": "first-order", **DAYS},
        }
        answer = client.post("/api/v1/insights", json=given, headers=admin_key)
        assert answer.status_code == 201, answer.text
        kept = answer.json["evidence"]
        same = ("of", "against", "metric", "series_id", "n", "estimate", "shrunken", "low", "high")
        assert {name: kept[name] for name in same} == {name: verdict[name] for name in same}
    found = client.get("/api/v1/insights", headers=admin_key).json["insights"]
    priorities = [each["priority"] for each in found]
    assert priorities == sorted(priorities, reverse=True)
    for each in found:
        weight = each["weight"]
        assert each["priority"] == pytest.approx(weight["reach"] * weight["effect"])
        assert weight["low"] <= each["priority"] <= weight["high"]


def test_what_no_verdict_states_is_no_evidence(client: FlaskClient, admin_key: dict[str, str]) -> None:
    given = {
        "title": "Slow",
        "touchpoint": "advice-call",
        "evidence": {"kind": "touchpoint", "journey": "first-order", **DAYS},
    }
    answer = client.post("/api/v1/insights", json=given, headers=admin_key)
    assert (answer.status_code, answer.json["code"]) == (422, "no_such_verdict")
