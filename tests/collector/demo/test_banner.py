"""Whoever looks at sample data is told so, on every page."""

from __future__ import annotations

from datetime import UTC, datetime

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from collector import workspaces
from collector.demo import seed

WORDS = "Sample data: a seeded rule made these answers, no customer said any of this."


def test_the_demos_dashboard_says_that_its_answers_are_generated(
    client: FlaskClient, company: workspaces.Workspace
) -> None:
    _sign_in(client, seed.EMAIL, seed.PASSWORD)
    assert WORDS in client.get("/journeys").text
    assert WORDS in client.get("/touchpoints").text


def test_a_real_workspace_says_nothing_of_the_kind(
    client: FlaskClient, session: Session, workspace: workspaces.Workspace
) -> None:
    now = datetime.now(UTC)
    workspaces.add_person(session, workspace.workspace_id, "a@example.com", "A", "correct horse", now)
    session.commit()
    _sign_in(client, "a@example.com", "correct horse")
    assert WORDS not in client.get("/journeys").text


def _sign_in(client: FlaskClient, email: str, password: str) -> None:
    csrf = client.get("/sign-in").text.split('name="csrf" value="')[1].split('"')[0]
    answer = client.post("/sign-in", data={"csrf": csrf, "next": "/", "email": email, "password": password})
    assert answer.status_code == 303
