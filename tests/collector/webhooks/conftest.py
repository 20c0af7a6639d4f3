"""A receiver on loopback, a webhook that tells it of everything, and the jobs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import standardwebhooks.webhooks as library
from flask.testing import FlaskClient
from receiver import Receiver, receiving
from sqlalchemy.orm import Session

from collector import clock, webhooks
from collector.config import Config, load

UNHURRIED = 30.0
"""Seconds that a round may take in a test: it ends when every message has been sent."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


@pytest.fixture
def other_receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


@pytest.fixture
def config(database_url: str) -> Config:
    return load(
        {
            "AFTERWORD_DATABASE_URL": database_url,
            "AFTERWORD_SECRET_KEY": "test-secret-that-is-long-enough-0123456789",
            "AFTERWORD_PRIVATE_HOSTS": "127.0.0.1",
            "AFTERWORD_URL": "https://ask.example.com/feedback",
        }
    )


@pytest.fixture
def subscribe(
    client: FlaskClient, keys: dict[str, Any], company: Any, receiver: Receiver
) -> Callable[..., Any]:
    """Make a webhook over the API: ``subscribe()`` gives its answer, secret and all."""

    def call(*kinds: str, **given: Any) -> Any:
        body = {"name": "CRM", "url": receiver.url, "kinds": list(kinds) or list(webhooks.KINDS), **given}
        answer = client.post("/api/v1/webhooks", json=body, headers=keys["admin"])
        assert answer.status_code == 201, answer.text
        return answer.json

    return call


@pytest.fixture
def work(session: Session, config: Config, time: clock.FixedClock) -> Callable[[], None]:
    """Run the jobs until nothing is due."""

    def call() -> None:
        session.rollback()
        webhooks.spread(session, time())
        session.commit()
        while webhooks.are_due(session, time()):
            session.rollback()
            webhooks.send_due(session, time(), config, patience=UNHURRIED)
        session.rollback()

    return call


@pytest.fixture
def log(client: FlaskClient, keys: dict[str, Any]) -> Callable[..., list[dict[str, Any]]]:
    """The log of a webhook over the API."""

    def call(hook: Any, **query: Any) -> list[dict[str, Any]]:
        url = f"/api/v1/webhooks/{hook['webhook_id']}/deliveries"
        answer = client.get(url, query_string=query, headers=keys["admin"])
        assert answer.status_code == 200, answer.text
        return list(answer.json["deliveries"])

    return call


@pytest.fixture
def verify(monkeypatch: pytest.MonkeyPatch, time: Any) -> Any:
    """The public library, whose clock is the test's."""

    class Now:
        @staticmethod
        def now(tz: Any) -> Any:
            return time()

        fromtimestamp = library.datetime.fromtimestamp

    monkeypatch.setattr(library, "datetime", Now)

    def call(secret: str, headers: dict[str, str], body: bytes) -> Any:
        return library.Webhook(secret).verify(body, headers)

    return call


@pytest.fixture
def happen(session: Session, company: Any, time: Any) -> Any:
    """Let something happen: ``happen(3)`` raises three signals."""

    def call(count: int = 1, **given: Any) -> None:
        for number in range(count):
            facts = {
                "signal_id": company.workspace_id,
                "signal": "fall",
                "title": f"Number {number}",
                "owners": [],
                **given,
            }
            webhooks.announce(session, company.workspace_id, "signal.raised", webhooks.Subject(facts), time())
        session.commit()

    return call
