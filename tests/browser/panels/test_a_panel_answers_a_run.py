"""A panel in a real browser: its file is taken, a run invites it by mail, a member answers on a phone, and leaves."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from browsers import PASSWORD
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy.orm import Session
from werkzeug.serving import WSGIRequestHandler, make_server

from collector import clock, db, deliveries, invitations, journeys, workspaces
from collector.communities import runs
from collector.config import Config
from collector.config import load as load_config
from collector.migrations import upgrade
from collector.service.app import create_app
from tests.collector.conftest import COMPANY
from tests.collector.deliveries.conftest import Mailbox, mailbox

__all__ = ["mailbox"]
pytestmark = pytest.mark.browser
EDITOR = "editor@example.com"
SCREENSHOTS = Path(__file__).parents[3] / "docs/screenshots/panels"
RUN: dict[str, Any] = {
    "key": "new-page", "name": "New confirmation page", "assumption": "", "template": "csat", "touchpoint": "order-confirmed",
    "journey": "first-order", "subject": "the page", "panel": "testers", "only": {}, "sample": 1.0, "cells": {}, "variants": [],
    "hypotheses": [{"measure": "csat", "kind": "threshold", "direction": "above", "value": 60}],
    "design": "always_valid", "n": None, "starts_at": None, "ends_at": None,
}  # fmt: skip
FILE = "customer;email;plan\nc-1;ada@example.com;fibre\nc-2;no address;fibre\n"


class Quiet(WSGIRequestHandler):
    """Serves without a line per request."""

    def log_request(self, *_args: Any, **_kwargs: Any) -> None:
        return


@dataclass
class Place:
    """The address, and ways to make a run and to let the worker work, at ten in the morning: mail sleeps at night."""

    url: str
    config: Config
    sessions: Callable[[], Session]
    workspace_id: Any
    time: clock.Clock

    def start_run(self) -> None:
        with self.sessions() as session:
            run = runs.create(session, self.workspace_id, RUN, "tests", self.time())
            runs.start(session, run, "tests", self.time())
            session.commit()

    def work(self) -> None:
        with self.sessions() as session:
            invitations.ask_members(session, self.time())
            session.commit()
            deliveries.send_to_members(session, self.time(), self.config)
            session.commit()
            deliveries.send_due(session, self.time(), self.config)


@pytest.fixture
def place(tmp_path: Path, mailbox: Mailbox) -> Iterator[Place]:
    """The small company, served on a free port of the loopback, with a mail server beside it."""
    url = f"sqlite:///{tmp_path}/afterword.db"
    upgrade(url)
    engine = db.make_engine(url)
    sessions, time = db.make_sessions(engine), clock.FixedClock()
    now = time()
    with sessions.begin() as session:
        company = workspaces.create(session, "Example Telecom", now)
        journeys.apply(session, company.workspace_id, COMPANY, "tests", now)
        workspaces.add_person(session, company.workspace_id, EDITOR, "Edda", PASSWORD, now, role="editor")
        workspace_id = company.workspace_id
    server = make_server("127.0.0.1", 0, lambda *call: app(*call), threaded=True, request_handler=Quiet)
    config = load_config(
        {
            "AFTERWORD_DATABASE_URL": url,
            "AFTERWORD_SECRET_KEY": "k" * 40,
            "AFTERWORD_SMTP_URL": mailbox.url,
            "AFTERWORD_MAIL_FROM": "Example Telecom <feedback@example.com>",
            "AFTERWORD_URL": f"http://127.0.0.1:{server.server_port}",
        }
    )
    app = create_app(config, engine, time)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Place(config.url, config, sessions, workspace_id, time)
    server.shutdown()
    server.server_close()
    engine.dispose()


def links(mail: EmailMessage) -> list[str]:
    """The addresses in a mail's plain text."""
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    return [word for word in text.split() if word.startswith("http")]


def shoot(page: Page, name: str) -> None:
    """Keep a screenshot under docs/screenshots/panels, where AFTERWORD_SCREENSHOTS=1 asks for new ones."""
    if os.environ.get("AFTERWORD_SCREENSHOTS"):
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)


def test_from_a_file_of_members_to_an_answer_on_a_phone_and_a_way_out(
    place: Place,
    mailbox: Mailbox,
    browser: Browser,
    signed_in_browser: Callable[..., BrowserContext],
    violations: Callable[[Page], list[str]],
) -> None:
    desk = signed_in_browser(place.url, EDITOR, PASSWORD, viewport={"width": 1280, "height": 800})
    page = desk.new_page()
    page.goto(f"{place.url}/panels")
    assert violations(page) == []
    shoot(page, "empty-1280")
    page.get_by_label("Name").fill("Testers")
    page.get_by_label("Key").fill("testers")
    page.get_by_label("What members agree to (English)").fill("May we ask you about new pages?")
    page.get_by_role("button", name="Make the panel").click()
    expect(page.get_by_role("status")).to_contain_text("Bring in its members next.")

    for button, said in (
        ("Try it first", "A trial: nothing was kept."),
        ("Take the members", "The file was taken."),
    ):
        page.get_by_label("File", exact=True).set_input_files(
            {"name": "members.csv", "mimeType": "text/csv", "buffer": FILE.encode()}
        )
        page.get_by_label("Version of the text").fill("form-3")
        page.get_by_label("When", exact=True).fill("2026-10-01")
        page.get_by_label("Where", exact=True).fill("order form")
        page.get_by_role("button", name=button).click()
        expect(page.locator("#report")).to_contain_text(said)
        expect(page.locator("#report")).to_contain_text("no e-mail address: row 3")
    assert violations(page) == []
    shoot(page, "taken-1280")

    place.start_run()
    page.goto(f"{place.url}/panels/testers")
    page.get_by_label("How they hear of it").select_option("email")
    page.get_by_role("button", name="Invite the members").click()
    expect(page.get_by_text("1 waiting, 0 invited")).to_be_visible()
    place.work()
    [mail] = mailbox.mails

    phone = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    member = phone.new_page()
    survey, out = links(mail)[0].partition("?")[0], links(mail)[-1]
    member.goto(survey)
    with member.expect_response(lambda answer: answer.url.endswith("/w/v1/responses")) as stored:
        member.locator("afterword-survey").get_by_role("radio", name="Very satisfied").click()
    assert stored.value.ok
    expect(member.locator("afterword-survey").get_by_role("textbox")).to_be_visible()
    assert violations(member) == []
    page.goto(f"{place.url}/panels/testers")
    expect(page.get_by_text("0 waiting, 1 invited, 1 opened, 1 started")).to_be_visible()
    shoot(page, "asked-1280")

    member.goto(out)
    assert violations(member) == []
    shoot(member, "leave-360")
    member.get_by_role("button", name="Yes, take me out").click()
    expect(member.get_by_role("heading", level=1)).to_have_text("Done. You have left the panel.")
    shoot(member, "left-360")
    page.goto(f"{place.url}/panels/testers")
    expect(page.get_by_text("0 members · 1 has left")).to_be_visible()

    small = signed_in_browser(
        place.url, EDITOR, PASSWORD, viewport={"width": 360, "height": 740}, color_scheme="dark"
    )
    narrow = small.new_page()
    narrow.goto(f"{place.url}/panels/testers?lang=de")
    expect(narrow.get_by_role("heading", name="Wozu Mitglieder zustimmen")).to_be_visible()
    assert violations(narrow) == []
    assert narrow.evaluate("document.documentElement.scrollWidth <= innerWidth")
    shoot(narrow, "panel-360-dark-de")
    for context in (desk, phone, small):
        context.close()
