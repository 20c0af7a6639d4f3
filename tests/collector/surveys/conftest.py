"""Somebody who is signed in, and the forms they send."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from collector import clock, workspaces


class Builder:
    """A signed-in person's browser without JavaScript."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str) -> Any:
        return self.client.get(path, headers={"Accept": "text/html"})

    def post(self, path: str, **fields: Any) -> Any:
        """Send a form with its token, as the page would."""
        data = {"csrf": self.token, **{name.replace("__", "."): value for name, value in fields.items()}}
        return self.client.post(path, data=data, headers={"Accept": "text/html"})

    @property
    def token(self) -> str:
        found = re.search(r'name="csrf" value="([^"]+)"', self.get("/surveys").text)
        assert found
        return found[1]

    def save(self, key: str, locale: str = "en", base: int = 1, **fields: Any) -> Any:
        return self.post(f"/surveys/{key}", locale=locale, base=base, **fields)


@pytest.fixture
def signed_in(app: Any, session: Session, company: Any, time: clock.FixedClock) -> Callable[[str], Builder]:
    """``signed_in("administrator")`` gives the browser of someone with that role."""

    def call(role: str) -> Builder:
        email = f"{role}@example.com"
        workspaces.add_person(
            session, company.workspace_id, email, role.title(), "a long password", time(), role
        )
        session.commit()
        client = app.test_client()
        token = re.search(r'name="csrf" value="([^"]+)"', client.get("/sign-in").text)
        assert token
        form = {"csrf": token[1], "email": email, "password": "a long password"}
        assert client.post("/sign-in", data=form).status_code == 303
        return Builder(client)

    return call


@pytest.fixture
def builder(signed_in: Callable[[str], Builder]) -> Builder:
    """An administrator's browser."""
    return signed_in("administrator")
