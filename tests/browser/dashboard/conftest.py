"""A served dashboard over the seeded company, a browser, and axe-core."""

from __future__ import annotations

import importlib.util
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.serving import WSGIRequestHandler, make_server

from collector import clock, db
from collector.config import load as load_config
from collector.migrations import upgrade
from collector.service.app import create_app
from collector.surveys import MetricSeries

ROOT = Path(__file__).parents[3]
SEED = ROOT / "tests/collector/dashboard/seed.py"
SCREENSHOTS = ROOT / "docs/screenshots/dashboard"


class Quiet(WSGIRequestHandler):
    """Serves without a line per request."""

    def log_request(self, *_args: Any, **_kwargs: Any) -> None:
        return


@dataclass
class Dashboard:
    """The address, the clock, and a way to let another customer answer."""

    url: str
    time: clock.FixedClock
    sessions: Callable[[], Session]
    workspace_id: Any
    seed: ModuleType

    def answer(self, touchpoint: str, score: int, comment: str) -> None:
        with self.sessions() as session:
            series = session.scalars(select(MetricSeries).where(MetricSeries.survey == touchpoint)).one()
            place = (self.workspace_id, series.series_id, touchpoint)
            self.seed.answer(session, *place, score, self.time(), comment)
            session.commit()


@pytest.fixture(scope="module")
def dashboard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    """The seeded company on an embedded database, served on a free port of the loopback."""
    path = tmp_path_factory.mktemp("dashboard") / "afterword.db"
    url = f"sqlite:///{path}"
    upgrade(url)
    engine, time, seed = db.make_engine(url), clock.FixedClock(), _seed()
    sessions = db.make_sessions(engine)
    with sessions() as session:
        workspace = seed.company(session, time())
        seed.walks(session, workspace, time())
        workspace_id = workspace.workspace_id
        session.commit()
    server = make_server("127.0.0.1", 0, _app(url, engine, time), threaded=True, request_handler=Quiet)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Dashboard(f"http://127.0.0.1:{server.server_port}", time, sessions, workspace_id, seed)
    server.shutdown()
    server.server_close()
    engine.dispose()


def _app(url: str, engine: Any, time: clock.FixedClock) -> Any:
    config = load_config({"AFTERWORD_DATABASE_URL": url, "AFTERWORD_SECRET_KEY": "k" * 40})
    return create_app(config, engine, time)


def _seed() -> ModuleType:
    spec = importlib.util.spec_from_file_location("dashboard_seed", SEED)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def visit(
    signed_in_browser: Callable[..., BrowserContext], dashboard: Dashboard
) -> Iterator[Callable[..., Page]]:
    """Open a page as the manager, who has signed in; errors in the page's console fail the test."""
    contexts, problems = [], []

    def go(path: str = "/", **options: Any) -> Page:
        settings = {"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce", **options}
        context = signed_in_browser(dashboard.url, dashboard.seed.EMAIL, dashboard.seed.PASSWORD, **settings)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda said: problems.append(said.text) if "Security" in said.text else None)
        page.goto(dashboard.url + path)
        return page

    yield go
    for context in contexts:
        context.close()
    assert problems == []


@pytest.fixture
def shoot() -> Callable[[Page, str], None]:
    """Keep a screenshot under docs/screenshots/dashboard, where AFTERWORD_SCREENSHOTS=1 asks for new ones."""

    def keep(page: Page, name: str) -> None:
        if os.environ.get("AFTERWORD_SCREENSHOTS"):
            SCREENSHOTS.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)

    return keep
