"""A panel, a call that takes members into it, and a link that asks to join."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from collector import workspaces
from collector.communities import panels

PANEL = {
    "key": "testers",
    "name": "Testers",
    "consent": {"en": "We may ask you.\n\nAt most monthly.", "de": "Wir dürfen fragen."},
}


AGREED = {"text": "form-3", "at": "2026-10-01T09:00:00Z", "source": "order form"}


@pytest.fixture
def panel(client: Any, keys: Any, company: Any) -> Any:
    made = client.post("/api/v1/communities", json=PANEL, headers=keys["admin"])
    assert made.status_code == 201, made.text
    return made.json


@pytest.fixture
def take(client: Any, keys: Any, panel: Any) -> Any:
    def call(*members: dict[str, Any], **given: Any) -> Any:
        body = {"community": "testers", "consent": AGREED, "members": list(members), **given}
        return client.post("/api/v1/members", json=body, headers=keys["server"])

    return call


@pytest.fixture
def listed(client: Any, keys: Any, panel: Any) -> Any:
    def call(**query: str) -> list[dict[str, Any]]:
        said = {"community": "testers", **query}
        return list(client.get("/api/v1/members", query_string=said, headers=keys["admin"]).json["members"])

    return call


@pytest.fixture
def link(session: Session, company: Any, panel: Any, time: Any) -> str:
    customer = workspaces.pseudonym_of(company, "c-9")
    token = panels.links.join_token(
        session, company.workspace_id, panels.links.Join("testers", customer, "link"), time()
    )
    session.commit()
    return f"/j/{token}"
