"""An administrator who is signed in, and colleagues to invite."""

from __future__ import annotations

from typing import Any

import pytest
from browsers import PASSWORD, Browser, sign_in
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from collector import clock, workspaces

ADMINISTRATOR = "ada@example.com"


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client whose requests leave nothing behind: pytest-flask's keeps its last context for other clients to fall into."""
    return app.test_client()


@pytest.fixture
def ada(app: Flask, session: Session, company: Any, time: clock.FixedClock) -> Browser:
    """The administrator's browser."""
    workspaces.add_person(
        session, company.workspace_id, ADMINISTRATOR, "Ada", PASSWORD, time(), role="administrator"
    )
    session.commit()
    return sign_in(app, ADMINISTRATOR)
