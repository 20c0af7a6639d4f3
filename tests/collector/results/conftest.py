"""A run of two variants at the first step of the small company, and how customers answer it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from browsers import PASSWORD, Browser, sign_in
from flask.testing import FlaskClient

from collector import workspaces

RUN: dict[str, Any] = {
    "key": "new-page",
    "name": "New confirmation page",
    "assumption": "Customers understand the new page better.",
    "template": "csat",
    "touchpoint": "order-confirmed",
    "journey": "first-order",
    "subject": "the page",
    "variants": [
        {"key": "old", "name": "Old page", "share": 1},
        {"key": "new", "name": "New page", "share": 1},
    ],
    "hypotheses": [
        {"measure": "csat", "kind": "difference", "value": 30, "variant": "new", "against": "old"}
    ],
    "design": "always_valid",
}
Make = Callable[..., dict[str, Any]]


@pytest.fixture
def make(client: FlaskClient, company: Any, keys: Any) -> Make:
    """Make a run and start it: ``make(design="fixed")``; with ``start=False`` it stays a draft."""

    def call(start: bool = True, **given: Any) -> dict[str, Any]:
        made = client.post("/api/v1/runs", json=RUN | given, headers=keys["admin"])
        assert made.status_code == 201, made.text
        if start:
            begun = client.post(f"/api/v1/runs/{made.json['key']}/start", headers=keys["admin"])
            assert begun.status_code == 200, begun.text
            return dict(begun.json)
        return dict(made.json)

    return call


@pytest.fixture
def reader(app: Any, session: Any, company: Any, time: Any) -> Browser:
    """The browser of an editor who sees everything."""
    email = "reader@example.com"
    workspaces.add_person(session, company.workspace_id, email, "reader", PASSWORD, time(), role="editor")
    session.commit()
    return sign_in(app, email)
