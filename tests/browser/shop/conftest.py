"""The demo shop and its collector, each on a free port of the loopback, a browser, and axe-core."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from werkzeug.serving import WSGIRequestHandler, make_server

from collector import config, db
from collector.demo import seed, shop
from collector.migrations import upgrade
from collector.service.app import create_app

ROOT = Path(__file__).parents[3]
SCREENSHOTS = ROOT / "docs/screenshots/shop"


class Quiet(WSGIRequestHandler):
    """Serves without a line per request."""

    def log_request(self, *_args: Any, **_kwargs: Any) -> None:
        return


@pytest.fixture(scope="module")
def shop_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The shop's address; its collector runs beside it, with the company but without a sample."""
    folder = tmp_path_factory.mktemp("shop")
    settings = {
        "AFTERWORD_DATABASE_URL": f"sqlite:///{folder / 'afterword.db'}",
        "AFTERWORD_SECRET_KEY": "x" * 40,
    }
    configuration = config.load(settings)
    upgrade(configuration.database_url)
    engine = db.make_engine(configuration.database_url)
    with db.make_sessions(engine).begin() as session:
        key = seed.open_workspace(session, datetime.now(UTC)).server_key
    with _served(create_app(configuration, engine)) as collector:
        facts = shop.Shop(f"sqlite:///{folder / 'shop.db'}", collector, key, folder / "outbox.db")
        app = shop.create_shop(facts)
        with _served(app) as url:
            yield url
        shop.close(app)
    engine.dispose()


@contextmanager
def _served(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def visit(browser: Browser, shop_url: str) -> Iterator[Callable[..., Page]]:
    """Open the shop as a new customer; errors in the page's console (but a form's 422) fail the test."""
    contexts, problems = [], []

    def go(**options: Any) -> Page:
        settings = {"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce", **options}
        context = browser.new_context(**settings)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on(
            "console",
            lambda said: (
                problems.append(said.text) if said.type == "error" and "(UNPROC" not in said.text else None
            ),
        )
        page.goto(shop_url)
        return page

    yield go
    for context in contexts:
        context.close()
    assert problems == []


@pytest.fixture
def shot() -> Callable[[Page, str], None]:
    """Keep a screenshot under docs/screenshots/shop, where AFTERWORD_SCREENSHOTS=1 asks for new ones."""

    def take(page: Page, name: str) -> None:
        if os.environ.get("AFTERWORD_SCREENSHOTS"):
            SCREENSHOTS.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)

    return take
