"""The demo's journeys are measured by the default asking plan, and the verdict engine finds what was planted there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from collector import journeys, workspaces
from collector.demo import seed
from tests.collector.demo.conftest import NOW


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_planted_handover_is_found_by_the_verdict_engine(
    session: Session, company: workspaces.Workspace, client: FlaskClient
) -> None:
    plan = journeys.get(session, company.workspace_id, "first-order").asking
    assert (plan.mode, dict(plan.shares)) == ("spread", {})
    seed.fill(session, company, NOW, scale=0.25)
    key = workspaces.mint_key(session, company, "read", "tests", NOW).text
    session.commit()
    query = {
        "journey": "first-order",
        "from": (NOW - timedelta(days=90)).date().isoformat(),
        "to": NOW.date().isoformat(),
    }
    answer = client.get("/api/v1/verdicts", query_string=query, headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = [each for each in answer.json["verdicts"] if each["kind"] == "handover"]
    planted = [each for each in found if each["of"]["touchpoint"] == "line-activated"]
    assert [each["against"]["touchpoint"] for each in planted] == ["order-confirmed"]
    assert planted[0]["high"] < 0
    assert min(planted[0]["n"]) >= 30
