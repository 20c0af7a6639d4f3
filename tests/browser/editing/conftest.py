"""An empty workspace on a served collector, two administrators' browsers, and axe-core."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import quick
import served
from playwright.sync_api import Browser, Page
from sqlalchemy.orm import Session
from werkzeug.serving import WSGIRequestHandler, make_server

from collector import clock, db, journeys, workspaces
from collector.config import load as load_config

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "collector/journeys/pages/example.yaml"
SCREENSHOTS = ROOT / "docs/screenshots/editing"
PASSWORD = "a long password"


class Quiet(WSGIRequestHandler):
    """Serves without a line per request."""

    def log_request(self, *_args: Any, **_kwargs: Any) -> None:
        return


@dataclass
class Workshop:
    """The address, and a way to look into the database."""

    url: str
    sessions: Callable[[], Session]
    workspace_id: Any
    time: clock.FixedClock

    def order(self) -> list[tuple[str, list[str]]]:
        """The only journey's phases with the names of their steps."""
        with self.sessions() as session:
            (journey,) = journeys.list_journeys(session, self.workspace_id).items
        return [(phase.name, [step.name for step in phase.steps]) for phase in journey.phases]

    def apply_example(self) -> None:
        with self.sessions() as session:
            text = EXAMPLE.read_text("utf-8")
            journeys.commands.apply(session, self.workspace_id, text, "example.yaml", "file", self.time())
            session.commit()


@pytest.fixture(scope="session")
def port() -> int:
    """One port for all, so that the app, which knows its own address, is built once."""
    return served.free_port()


@pytest.fixture
def workshop(sqlite_url: str, port: int) -> Iterator[Workshop]:
    """An empty workspace with two administrators and a member, served on a free port of the loopback."""
    engine, time = db.make_engine(sqlite_url), clock.FixedClock()
    sessions = db.make_sessions(engine)
    with sessions() as session:
        made = workspaces.create(session, "Example Telecom", time())
        people = (("ann", "administrator"), ("bob", "administrator"), ("mia", "member"))
        for name, role in people:
            workspaces.add_person(
                session, made.workspace_id, f"{name}@example.com", name.title(), PASSWORD, time(), role
            )
        workspace_id = made.workspace_id
        session.commit()
    url = f"http://127.0.0.1:{port}"
    settings = {"AFTERWORD_DATABASE_URL": sqlite_url, "AFTERWORD_SECRET_KEY": "k" * 40, "AFTERWORD_URL": url}
    app = quick.app(load_config(settings), engine, time, is_testing=False)
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=Quiet)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Workshop(url, sessions, workspace_id, time)
    server.shutdown()
    server.server_close()
    engine.dispose()


@pytest.fixture
def visit(browser: Browser, workshop: Workshop) -> Iterator[Callable[..., Page]]:
    """Open a page as somebody, signed in through the form; errors in the page's console fail the test."""
    contexts, problems = [], []

    def go(path: str = "/setup", name: str = "ann", **options: Any) -> Page:
        settings = {"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce", **options}
        context = browser.new_context(**settings)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda said: problems.append(said.text) if "Security" in said.text else None)
        page.goto(f"{workshop.url}/sign-in?next={path}")
        page.fill("#email", f"{name}@example.com")
        page.fill("#password", PASSWORD)
        page.press("#password", "Enter")
        page.wait_for_url(lambda address: "/sign-in" not in address)
        return page

    yield go
    for context in contexts:
        context.close()
    assert problems == []


@pytest.fixture
def shoot() -> Callable[[Page, str], None]:
    """Keep a screenshot under docs/screenshots/editing, where AFTERWORD_SCREENSHOTS=1 asks for new ones."""

    def keep(page: Page, name: str) -> None:
        if os.environ.get("AFTERWORD_SCREENSHOTS"):
            SCREENSHOTS.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)

    return keep
