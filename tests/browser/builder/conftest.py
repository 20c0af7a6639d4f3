"""A served collector with a real mail server beside it, a browser, and axe-core."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import served
from aiosmtpd.controller import Controller
from playwright.sync_api import Browser, BrowserContext, Page

ROOT = Path(__file__).parents[3]
AXE = ROOT / "widget/node_modules/axe-core/axe.min.js"
VIOLATIONS = """axe.run(document, {resultTypes: ['violations']})
    .then(({violations}) => violations.map(({id, nodes}) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`))"""


class Mailbox:
    """What the mail server took."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.url = ""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.mails.append(message_from_bytes(envelope.content, policy=policy.SMTP))  # type: ignore[arg-type]
        return "250 OK"


class AnyPort(Controller):
    """aiosmtpd's server on a port that the system chooses."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture(scope="module")
def mailbox() -> Iterator[Mailbox]:
    box = Mailbox()
    controller = AnyPort(box, hostname="127.0.0.1", port=0)
    controller.start()
    box.url = f"smtp://127.0.0.1:{controller.port}"
    yield box
    controller.stop()


def _call(collector: served.Collector, method: str, path: str, body: Any, key: str) -> Any:
    """One call of the API with a key, as JSON."""
    headers = {"Authorization": f"Bearer {collector.keys[key]}", "Content-Type": "application/json"}
    request = urllib.request.Request(collector.url + path, json.dumps(body).encode(), headers, method=method)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.loads(answer.read())


@pytest.fixture(scope="module")
def collector(mailbox: Mailbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[served.Collector]:
    """A running collector that sends mail at any hour of the day."""
    folder = tmp_path_factory.mktemp("builder")
    settings = {"AFTERWORD_SMTP_URL": mailbox.url, "AFTERWORD_MAIL_FROM": "feedback@example.com"}
    with served.serve(f"sqlite:///{folder}/afterword.db", folder, **settings) as running:
        _call(running, "PUT", "/api/v1/policy", {"quiet_hours": None}, "admin_key")
        yield running


@pytest.fixture(scope="module")
def call(collector: served.Collector) -> Callable[..., Any]:
    """``call("POST", path, body, "server_key")`` gives the JSON answer."""
    return partial(_call, collector)


WINDOW: Any = {"viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce"}


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that fails the test on any error in a script."""
    with browser.new_context(**WINDOW) as context:
        yield from _without_errors(context)


@pytest.fixture
def signed_in(
    signed_in_browser: Callable[..., BrowserContext], collector: served.Collector
) -> Iterator[Page]:
    """Such a page of the administrator, who has signed in."""
    admin = collector.keys["admin"]
    with signed_in_browser(collector.url, admin["email"], admin["password"], **WINDOW) as context:
        yield from _without_errors(context)


def _without_errors(context: BrowserContext) -> Iterator[Page]:
    shown = context.new_page()
    errors: list[str] = []
    shown.on("pageerror", lambda error: errors.append(str(error)))
    yield shown
    assert errors == []


@pytest.fixture
def violations() -> Callable[[Page], list[str]]:
    """Run axe-core on a page and give what it finds."""

    def run(page: Page) -> list[str]:
        page.evaluate(AXE.read_text("utf-8"))
        return list(page.evaluate(VIOLATIONS))

    return run
