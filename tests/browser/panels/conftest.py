"""Tarnwick Telecom on a free port, with a mail server beside it; pages are looked at with axe-core."""

from __future__ import annotations

import json
import os
import threading
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import quick
import served
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.serving import WSGIRequestHandler, make_server

from collector import clock, db, deliveries, invitations
from collector.config import Config
from collector.config import load as load_config
from collector.demo import seed
from tests.collector.deliveries.conftest import Mailbox, mailbox

__all__ = ["mailbox"]
SCREENSHOTS = Path(__file__).parents[3] / "docs/screenshots/panels"
MEMBERS = 24
ROWS = "".join(f"c-{number};member-{number}@example.com;fibre\n" for number in range(MEMBERS))
FILE = f"customer;email;plan\n{ROWS}c-99;no address;fibre\n"


class Quiet(WSGIRequestHandler):
    """Serves without a line per request."""

    def log_request(self, *_args: Any, **_kwargs: Any) -> None:
        return


@dataclass
class Place:
    """The address, and ways to let the worker work and members answer, at ten in the morning: mail sleeps at night."""

    url: str
    config: Config
    sessions: Callable[[], Session]
    time: clock.Clock

    def work(self) -> None:
        """What the worker does of invitations until nothing is left to do."""
        with self.sessions() as session:
            invitations.ask_members(session, self.time())
            session.commit()
            deliveries.send_to_members(session, self.time(), self.config)
            session.commit()
            while deliveries.send_due(session, self.time(), self.config):
                pass

    def answer(self) -> int:
        """Whoever was asked and has not answered does so now, most of them pleased; how many."""
        with self.sessions() as session:
            query = select(invitations.Invitation).where(invitations.Invitation.state == "open")
            tokens = [
                invitations.token_of(session, row, self.time())
                for row in session.scalars(query.order_by(invitations.Invitation.invitation_id))
            ]
        for number, token in enumerate(tokens):
            answers = {"score": 5 if number % 6 else 2}
            said = {"token": token, "response_id": str(uuid.uuid4()), "complete": True, "answers": answers}
            headers = {"Content-Type": "application/json"}
            request = urllib.request.Request(f"{self.url}/w/v1/responses", json.dumps(said).encode(), headers)
            urllib.request.urlopen(request, timeout=30).close()
        return len(tokens)


@pytest.fixture(scope="session")
def port() -> int:
    """One port for all, so that the app, which knows its own address, is built once."""
    return served.free_port()


@pytest.fixture
def place(sqlite_url: str, port: int, mailbox: Mailbox) -> Iterator[Place]:
    """Tarnwick Telecom, served on a free port of the loopback, with a mail server beside it."""
    engine, time = db.make_engine(sqlite_url), clock.FixedClock()
    sessions = db.make_sessions(engine)
    with sessions() as session:
        seed.open_workspace(session, time())
        session.commit()
    config = load_config(
        {
            "AFTERWORD_DATABASE_URL": sqlite_url,
            "AFTERWORD_SECRET_KEY": "k" * 40,
            "AFTERWORD_SMTP_URL": mailbox.url,
            "AFTERWORD_MAIL_FROM": "Tarnwick Telecom <feedback@example.com>",
            "AFTERWORD_URL": f"http://127.0.0.1:{port}",
        }
    )
    app = quick.app(config, engine, time, is_testing=False)
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=Quiet)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Place(config.url, config, sessions, time)
    server.shutdown()
    server.server_close()
    engine.dispose()


def shoot(page: Page, name: str) -> None:
    """Keep a screenshot under docs/screenshots/panels, where AFTERWORD_SCREENSHOTS=1 asks for new ones."""
    if os.environ.get("AFTERWORD_SCREENSHOTS"):
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)


Look = Callable[[Page, str], None]


@pytest.fixture
def look(violations: Callable[[Page], list[str]]) -> Look:
    """Nothing wrong by axe-core, nothing beyond the width, and a picture where one is asked for."""

    def call(page: Page, name: str) -> None:
        shoot(page, name)
        assert violations(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name

    return call


def links(mail: EmailMessage) -> list[str]:
    """The addresses in a mail's plain text."""
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    return [word for word in text.split() if word.startswith("http")]


def bring_in_members(page: Page, url: str, look: Look) -> None:
    """Make a panel, try the file, take it."""
    page.goto(f"{url}/panels")
    look(page, "empty-1280")
    page.get_by_label("Name").fill("Testers")
    page.get_by_label("Key").fill("testers")
    page.get_by_label("What members agree to (English)").fill("May we ask you about new pages?")
    page.get_by_role("button", name="Make the panel").click()
    expect(page.get_by_role("status")).to_contain_text("Bring in its members next.")
    for button, said in (
        ("Try it first", "A trial: nothing was kept."),
        ("Take the members", "The file was taken."),
    ):
        file = {"name": "members.csv", "mimeType": "text/csv", "buffer": FILE.encode()}
        page.get_by_label("File", exact=True).set_input_files(file)  # type: ignore[arg-type]
        page.get_by_label("Version of the text").fill("form-3")
        page.get_by_label("When", exact=True).fill("2026-10-01")
        page.get_by_label("Where", exact=True).fill("order form")
        page.get_by_role("button", name=button).click()
        expect(page.locator("#report")).to_contain_text(said)
        expect(page.locator("#report")).to_contain_text(f"no e-mail address: row {MEMBERS + 2}")
    look(page, "taken-1280")
