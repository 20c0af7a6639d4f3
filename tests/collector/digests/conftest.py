"""A mail server on loopback, a colleague of Operations who wants a digest each day, and the job."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from browsers import PASSWORD, Browser, sign_in
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from collector import clock, digests, workspaces
from collector.config import Config
from tests.collector.deliveries.conftest import config, mailbox

__all__ = ["config", "mailbox"]


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client whose requests leave nothing behind: pytest-flask's keeps its last context for other clients to fall into."""
    return app.test_client()


@pytest.fixture
def olga(app: Flask, session: Session, company: Any, time: clock.FixedClock) -> Browser:
    """Olga's browser; she sees what Operations owns."""
    made = workspaces.add_person(
        session, company.workspace_id, "olga@example.com", "Olga", PASSWORD, time(), role="member"
    )
    made.scope = ["operations"]
    session.commit()
    return sign_in(app, "olga@example.com")


@pytest.fixture
def wish(olga: Browser) -> Callable[[str], Any]:
    """Let Olga choose how often: ``wish("daily")``."""
    return lambda every: olga.post("/me/digest", "/me/digest", every=every)


@pytest.fixture
def work(session: Session, config: Config, time: clock.FixedClock) -> Callable[[], int]:
    """Run the job once."""

    def call() -> int:
        session.rollback()
        return digests.send_due(session, time(), config)

    return call


@pytest.fixture
def note(client: Any, keys: Any, company: Any) -> Callable[..., str]:
    """File an insight: ``note("Long waits")`` at the touchpoint of Operations."""

    def call(title: str, touchpoint: str = "installed") -> str:
        body = {"title": title, "touchpoint": touchpoint}
        answer = client.post("/api/v1/insights", json=body, headers=keys["admin"])
        assert answer.status_code == 201, answer.text
        return str(answer.json["insight_id"])

    return call
