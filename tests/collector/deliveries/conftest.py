"""A real mail server and a real SMS gateway on loopback, and the calls that most tests make."""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from collector import clock, deliveries
from collector.config import Config, load

CONSENT = {"text_version": "newsletter-3", "source": "order form", "given_at": "2026-10-01T09:00:00Z"}


class Mailbox:
    """What the mail server took; ``answers`` are given to the next RCPT commands instead of an OK."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.answers: list[str] = []
        self.url = ""

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if self.answers:
            return self.answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.mails.append(message_from_bytes(envelope.content, policy=policy.SMTP))  # type: ignore[arg-type]
        return "250 OK"


class AnyPort(Controller):
    """aiosmtpd's server on a port that the system chooses (its first greeting would go to port 0 otherwise)."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    box = Mailbox()
    controller = AnyPort(box, hostname="127.0.0.1", port=0)
    controller.start()
    box.url = f"smtp://127.0.0.1:{controller.port}"
    yield box
    controller.stop()


class Gateway:
    """What the SMS gateway was told; ``statuses`` are answered first, then 202."""

    def __init__(self) -> None:
        self.calls: list[tuple[dict[str, str], bytes]] = []
        self.statuses: list[int] = []
        self.url = ""

    @property
    def texts(self) -> list[dict[str, Any]]:
        return [json.loads(body)["data"] for _, body in self.calls]


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    known = Gateway()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            known.calls.append((dict(self.headers), body))
            self.send_response(known.statuses.pop(0) if known.statuses else 202)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    known.url = f"http://127.0.0.1:{server.server_port}/sms"
    yield known
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def config(database_url: str, mailbox: Mailbox) -> Config:
    return load(
        {
            "AFTERWORD_DATABASE_URL": database_url,
            "AFTERWORD_SECRET_KEY": "test-secret-that-is-long-enough-0123456789",
            "AFTERWORD_SMTP_URL": mailbox.url,
            "AFTERWORD_MAIL_FROM": "Example Telecom <feedback@example.com>",
            "AFTERWORD_PRIVATE_HOSTS": "127.0.0.1",
            "AFTERWORD_URL": "https://ask.example.com",
        }
    )


@pytest.fixture
def deliver(
    client: FlaskClient, trigger: Callable[..., dict[str, Any]], keys: dict[str, Any]
) -> Callable[..., Any]:
    """Trigger and ask for a delivery: ``deliver()`` gives the HTTP answer; ``transaction=`` names a known one."""
    numbers = itertools.count(1)

    def call(transaction: str | None = None, locale: str = "en", **given: Any) -> Any:
        name = transaction or f"order-{next(numbers)}"
        if transaction is None:
            assert trigger(transaction=name, locale=locale)["decision"] == "invite"
        body = {
            "transaction": name,
            "way": "email",
            "address": "ada@example.org",
            "consent": CONSENT,
            **given,
        }
        return client.post("/api/v1/deliveries", json=body, headers=keys["server"])

    return call


@pytest.fixture
def work(session: Session, config: Config, time: clock.FixedClock) -> Callable[[], int]:
    """Run the sending job once: ``work()`` gives how many deliveries were claimed."""

    def call() -> int:
        session.rollback()
        return deliveries.send_due(session, time(), config)

    return call


@pytest.fixture
def path() -> Callable[[str], str]:
    """The path of a link in a message, as the test client takes it."""
    return lambda link: link.removeprefix("https://ask.example.com")
