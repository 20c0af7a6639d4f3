"""The seeded company of these tests, and people who are signed in to it."""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import remembered
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import clock, workspaces


@pytest.fixture(scope="session")
def seed() -> ModuleType:
    """The module beside this file that fills a database."""
    spec = importlib.util.spec_from_file_location("dashboard_seed", Path(__file__).with_name("seed.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def company(session: Session, seed: ModuleType, time: clock.FixedClock) -> Any:
    """Example Telecom with 30 days of answers (and 30 before), a planted drop and a planted pain point."""
    made = workspaces.create(session, "Example Telecom", time())
    filling = partial(seed.fill, session, made, time(), days=30)
    remembered.once(session, made.workspace_id, ("seeded", time()), filling)
    return made


@pytest.fixture
def signed_in(app: Flask, session: Session, time: clock.FixedClock) -> Callable[[str], FlaskClient]:
    """A browser in which somebody is signed in: ``signed_in("manager@example.com")``; the form has its own tests."""

    def sign_in(email: str) -> FlaskClient:
        person = session.scalars(select(workspaces.Person).where(workspaces.Person.email == email)).one()
        session.add(
            workspaces.SignIn(
                workspace_id=person.workspace_id,
                hash=hashlib.sha256(email.encode()).hexdigest(),
                sign_in_id=clock.new_id(),
                person_id=person.person_id,
                created_at=time(),
                seen_at=time(),
                expires_at=time() + timedelta(days=14),
            )
        )
        session.commit()
        client = app.test_client()
        client.set_cookie("afterword", email)
        return client

    return sign_in


@pytest.fixture
def manager(company: Any, signed_in: Callable[[str], FlaskClient]) -> FlaskClient:
    """The manager's browser."""
    return signed_in("manager@example.com")


@pytest.fixture
def read_key(session: Session, company: Any, time: clock.FixedClock) -> dict[str, str]:
    """The company's read key as a header."""
    return _header(session, company, "read", time)


@pytest.fixture
def server_key(session: Session, company: Any, time: clock.FixedClock) -> dict[str, str]:
    """The company's server key as a header."""
    return _header(session, company, "server", time)


def _header(session: Session, company: Any, kind: str, time: clock.FixedClock) -> dict[str, str]:
    minted = workspaces.mint_key(session, company, kind, kind, time())
    session.commit()
    return {"Authorization": f"Bearer {minted.text}"}
