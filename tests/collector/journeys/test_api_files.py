"""Foreign files come in over the API with a plan and their losses, and the whole workspace goes out as one."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

Headers = dict[str, dict[str, str]]
Document = dict[str, Any]


MERMAID = "journey\n title Moving\n section All\n  Compare: 4: Me\n  Order: 5: Mara\n"


def test_a_foreign_file_is_imported_with_a_plan_and_its_losses(client: FlaskClient, keys: Headers) -> None:
    facts = {"definition": "d", "customer_goal": "c", "business_goal": "b"}
    body = {"format": "mermaid", "text": MERMAID, "journey": "moving", "facts": facts}
    planned = client.post(
        "/api/v1/journeys/import", json={**body, "dry_run": True}, headers=keys["admin"]
    ).json
    assert (planned["plan"]["counts"]["create"], planned["losses"]) == (2, [])
    assert client.get("/api/v1/journeys", headers=keys["read"]).json["journeys"] == []
    done = client.post("/api/v1/journeys/import", json=body, headers=keys["admin"])
    assert done.status_code == 200
    exported = client.get("/api/v1/journeys/export?format=cjml&journey=moving", headers=keys["read"]).json
    assert "<journeyTitle>Moving</journeyTitle>" in exported["text"]
    assert "journeys.steps.expectation" in [loss["field"] for loss in exported["losses"]]


def test_the_whole_workspace_is_exported_as_a_journey_file(
    client: FlaskClient, keys: Headers, applied: Document
) -> None:
    exported = client.get("/api/v1/journeys/export", headers=keys["read"]).json
    assert exported["text"].startswith("stakeholders:\n  - key: operations\n")
    assert exported["losses"] == []


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({"format": "xlsx", "text": ""}, "invalid_input", "format"),
        ({"format": "csv", "text": "a,b", "scale": [2, 1]}, "invalid_input", "scale"),
        ({"format": "csv", "text": "a,b", "facts": {"colour": "red"}}, "invalid_input", "facts.colour.key"),
        ({"format": "cjml", "text": "<!DOCTYPE x><CJML/>"}, "invalid_file", "file"),
        ({"format": "mermaid", "text": MERMAID}, "invalid_file", "journeys.0.definition"),
    ],
)
def test_a_foreign_file_that_cannot_be_taken_is_refused(
    client: FlaskClient, keys: Headers, body: Document, code: str, field: str
) -> None:
    answer = client.post("/api/v1/journeys/import", json=body, headers=keys["admin"])
    assert (answer.status_code, answer.json["code"]) == (422, code)
    assert field in answer.json["fields"]
