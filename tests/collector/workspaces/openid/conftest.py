"""A real provider on the loopback, a collector that trusts it, and a browser's way through both."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import openid_provider
import pytest
from flask import Flask
from flask.testing import FlaskClient
from openid_provider import CLIENT, SECRET, Provider
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import clock
from collector.config import Access, Config
from collector.workspaces import Person

RULES = (
    Access("it", "administrator", None),
    Access("ops", "member", ("operations",)),
    Access("sales", "member", ("sales",)),
)


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    with openid_provider.running() as made:
        yield made


@pytest.fixture
def provider(running: Provider, time: clock.FixedClock) -> Provider:
    return running.forget(lambda: time().timestamp())


@pytest.fixture
def config(config: Config, provider: Provider) -> Config:
    return dataclasses.replace(
        config,
        oidc_issuer=provider.issuer,
        oidc_client_id=CLIENT,
        oidc_client_secret=SECRET,
        oidc_access=RULES,
    )


@pytest.fixture(autouse=True)
def here(workspace: Any) -> Any:
    return workspace


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def set_out(client: FlaskClient, next_url: str = "/") -> dict[str, str]:
    """The query with which the provider is asked."""
    answer = client.get("/sign-in/openid", query_string={"next": next_url})
    assert answer.status_code == 302, answer.text
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.location).query).items()}


def at_the_provider(provider: Provider, asked: dict[str, str]) -> str:
    """Where the provider sends the browser: our own path and query."""
    back = urlsplit(provider.authorize(asked))
    return f"{back.path}?{back.query}"


def sign_in(client: FlaskClient, provider: Provider, next_url: str = "/") -> Any:
    return client.get(at_the_provider(provider, set_out(client, next_url)))


def people_of(session: Session) -> list[Person]:
    query = select(Person).order_by(Person.created_at).execution_options(populate_existing=True)
    found = list(session.scalars(query))
    session.commit()  # a reader of SQLite who stays would hold up the next sign-in
    return found
