"""The page of what came of it: bands, the lane with its sums, how many are joined, and who is unmatched."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.responses import Response

Headers = dict[str, str]


@pytest.fixture
def told(client: FlaskClient, server_key: Headers, session: Session, company: Any) -> str:
    """Costs at a touchpoint of a journey, a benchmark, and somebody whom nobody knows; the journey's key."""
    place = select(Response.touchpoint, Response.journey).where(
        Response.workspace_id == company.workspace_id, Response.journey.is_not(None)
    )
    touchpoint, journey = session.execute(place.limit(1)).one()
    session.rollback()
    outcomes = [
        {"key": f"erp-{n}", "kind": "cost", "customer": f"stranger-{n}", "value": 1000 + n, "currency": "EUR", "touchpoint": touchpoint, "journey": journey}
        for n in range(5)
    ]  # fmt: skip
    assert client.put("/api/v1/outcomes", json={"outcomes": outcomes}, headers=server_key).json["taken"] == 5
    value = {
        "kpi": "containment", "touchpoint": touchpoint, "from": "2026-09-01", "to": "2026-09-30", "value": 41.5, "unit": "%",
        "kind": "benchmark", "source": "Monitor of the regulator", "dated": "2026-10-02",
    }  # fmt: skip
    assert client.put("/api/v1/kpi-values", json={"values": [value]}, headers=server_key).json["taken"] == 1
    return str(journey)


def test_req_124_costs_add_up_step_by_step(signed_in: Any, told: str) -> None:
    page = signed_in("manager@example.com").get(f"/journeys/{told}/outcomes").get_data(as_text=True)
    assert "5,010 EUR" in page
    assert "Monitor of the regulator" in page
    assert "benchmark of" in page
    assert "associated, not caused" in page


def test_a_journey_without_outcomes_says_how_to_send_them(
    signed_in: Any, session: Session, company: Any
) -> None:
    journey = session.scalars(select(Response.journey).where(Response.journey.is_not(None)).limit(1)).one()
    session.rollback()
    page = signed_in("manager@example.com").get(f"/journeys/{journey}/outcomes").get_data(as_text=True)
    assert "No outcome was sent yet" in page
