"""A small company: two departments, two touchpoints, one journey, three surveys; and the calls that most tests make.

Each way through the journey is asked at the first step, and may be at the second: who tests the draw plans otherwise.
"""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable
from typing import Any

import pytest
import remembered
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from collector import clock, journeys, surveys, workspaces

COMPANY: dict[str, Any] = {
    "stakeholders": [{"key": "sales", "name": "Sales"}, {"key": "operations", "name": "Operations"}],
    "touchpoints": [
        {"key": "order-confirmed", "name": "Order confirmation page", "channel": "web", "owners": ["sales"]},
        {"key": "installed", "name": "Technician's visit", "channel": "in_person", "owners": ["operations"]},
        {"key": "silent", "name": "Contract letter", "channel": "letter", "feedback_enabled": False},
        {"key": "unasked", "name": "Invoice", "channel": "email"},
    ],
    "journeys": [
        {
            "key": "first-order",
            "name": "First order",
            "definition": "From the wish for a line to the first working call",
            "customer_goal": "A working line on the agreed date",
            "business_goal": "Activated contracts",
            "asking": {"shares": {"confirmed": 1}},
            "phases": [
                {"name": "Order", "steps": [{"key": "confirmed", "name": "I get my confirmation", "touchpoint": "order-confirmed"}]},
                {"name": "Installation", "steps": [{"key": "visit", "name": "The technician comes", "touchpoint": "installed"}]},
            ],
        }
    ],
}  # fmt: skip
SURVEYS = [
    {"key": "order-nps", "template": "nps", "touchpoint": "order-confirmed", "journey": "first-order", "subject": "Example Telecom"},
    {"key": "visit-csat", "template": "csat", "touchpoint": "installed", "journey": "first-order", "subject": "the visit", "policy": {"per_journey_instance": None}},
    {"key": "silent-ces", "template": "ces", "touchpoint": "silent", "subject": "Example Telecom"},
]  # fmt: skip


@pytest.fixture
def company(
    session: Session, workspace: workspaces.Workspace, time: clock.FixedClock
) -> workspaces.Workspace:
    """The workspace with journeys and surveys in it, committed."""
    from collector.surveys.schemas import SurveysIn

    def make() -> None:
        journeys.apply(session, workspace.workspace_id, COMPANY, "tests", time())
        entries = SurveysIn().load({"surveys": SURVEYS})["surveys"]
        surveys.apply(session, workspace.workspace_id, entries, "tests", time())

    remembered.once(session, workspace.workspace_id, ("company", time()), make)
    return workspace


@pytest.fixture
def trigger(client: FlaskClient, company: Any, keys: dict[str, Any]) -> Callable[..., dict[str, Any]]:
    """Trigger once: ``trigger(transaction="order-1")`` gives the decision."""
    numbers = itertools.count(1)

    def call(**given: Any) -> dict[str, Any]:
        number = next(numbers)
        item = {"touchpoint": "order-confirmed", "journey": "first-order", "customer": f"c-{number}"}
        answer = client.post(
            "/api/v1/triggers", json={"triggers": [{**item, **given}]}, headers=keys["server"]
        )
        assert answer.status_code == 200, answer.text
        return dict(answer.json["decisions"][0])

    return call


@pytest.fixture
def answer(client: FlaskClient) -> Callable[..., Any]:
    """Answer an invitation: ``answer(token, score=9)`` gives the HTTP answer."""

    def call(token: str, response_id: str | None = None, complete: bool = False, **answers: Any) -> Any:
        body = {
            "token": token,
            "response_id": response_id or str(uuid.uuid4()),
            "answers": answers,
            "complete": complete,
        }
        return client.post("/w/v1/responses", json=body)

    return call
