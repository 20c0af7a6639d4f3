"""How long a webhook waits, and which addresses are not called."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.outgoing import egress
from collector.outgoing.outcome import SendingFailed
from collector.webhooks import rules
from collector.webhooks.models import Webhook


def test_waits_grow_and_end_within_three_days() -> None:
    from datetime import UTC, datetime

    began = datetime(2026, 11, 2, tzinfo=UTC)
    at, tries = began, 0
    while (again := rules.next_try(tries + 1, began, at, 1.0)) is not None:
        assert again > at
        at, tries = again, tries + 1
    assert 8 <= tries <= 12
    assert timedelta(days=2) < at - began < timedelta(days=3)


@pytest.fixture
def dripping() -> Iterator[str]:
    """A server that answers with one more header byte each tenth of a second, and never ends."""
    listening = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve() -> None:
        line, _ = listening.accept()
        with line, suppress(OSError):
            line.recv(65536)
            while not over.wait(0.1):
                line.send(b"H")

    serving = threading.Thread(target=serve, daemon=True)
    serving.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
    over.set()
    serving.join(20)
    listening.close()


def test_an_answer_that_drips_is_cut_off(dripping: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(egress, "DEADLINE", 0.5)
    with pytest.raises(SendingFailed, match="no answer in time"):
        egress.post(dripping, b"{}", {}, ["127.0.0.1"])


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/hook",
        "https://127.0.0.2/hook",
        "https://[::1]/hook",
        "https://10.0.0.1/hook",
        "https://169.254.169.254/latest",
        "https://[::ffff:127.0.0.1]/",
        "https://user:word@example.com/",
        "ftp://example.com/",
        "https://",
        "https://0x7f000002/",
    ],
)
def test_an_address_that_must_not_be_called_is_refused(
    url: str, client: Any, keys: Any, company: Any
) -> None:
    body = {"name": "Inside", "url": url, "kinds": ["decision.made"]}
    answer = client.post("/api/v1/webhooks", json=body, headers=keys["admin"])
    assert (answer.status_code, answer.json["code"]) == (422, "bad_webhook_url")


def test_a_name_that_leads_inside_later_is_refused_when_it_is_called(
    subscribe: Any, happen: Any, work: Any, session: Session, monkeypatch: Any, log: Any
) -> None:
    """The name was open when the webhook was made, and is looked up anew, checked and held for each call."""
    hook = subscribe()
    session.scalars(select(Webhook)).one().url = "https://rebound.example.com/"
    session.commit()
    inside = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 443))]
    whole = socket.getaddrinfo
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, *a, **k: inside if host == "rebound.example.com" else whole(host, *a, **k),
    )
    happen()
    work()
    (entry,) = log(hook)
    assert "lies in a private network" in entry["error"]
