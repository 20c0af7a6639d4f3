"""A stub collector that keeps to docs/reference/wire.md, a host site of another origin, and a browser."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route
from stub_collector import SCRIPT, Collector, Quiet, collector_handler, serve

from tests.support.chromium import Chromium
from tests.support.firefox import firefox
from tests.support.webkit import webkit
from tests.support.window import Window

ROOT = Path(__file__).parents[3]
AXE = ROOT / "widget/node_modules/axe-core/axe.min.js"
SCREENSHOTS = ROOT / "docs/screenshots/widget"
VIOLATIONS = """axe.run(document, {resultTypes: ['violations']})
    .then(({violations}) => violations.map(({id, nodes}) => id + ': ' + nodes[0].html))"""
LOOK = """<meta name="color-scheme" content="light dark">
    <style>body { font: 16px/1.5 system-ui; max-width: 44rem; margin: 2rem auto; padding: 0 16px }</style>"""
STORY = """<main><h1>Order confirmed</h1><p>We will tell you when the technician comes.</p>$SURVEY
    <p>Order number 991, delivered by post.</p>$MORE</main>"""


@pytest.fixture
def collector() -> Iterator[Collector]:
    collector = Collector()
    server, collector.url = serve(collector_handler(collector))
    yield collector
    server.shutdown()
    server.server_close()


class Site:
    """A host site: a page per path, each with its own headers."""

    def __init__(self, collector: Collector) -> None:
        self.collector = collector
        self.pages: dict[str, tuple[str, dict[str, str]]] = {}
        self.url = ""

    def survey(self, attributes: str, path: str = "/", lang: str = "en", more: str = "") -> str:
        """Put a shop's page up with one survey in it."""
        element = f"<afterword-survey {attributes}></afterword-survey>"
        return self.page(
            "$SCRIPT" + STORY.replace("$SURVEY", element).replace("$MORE", more), path, LOOK, lang
        )

    def script(self) -> str:
        """The widget's source, for a page that brings it without a `src`."""
        return SCRIPT.read_text("utf-8")

    def page(self, body: str, path: str = "/", head: str = "", lang: str = "en", **headers: str) -> str:
        """Put a page up; `body`, `head` and headers may say $COLLECTOR and $SCRIPT."""
        html = (
            f'<!doctype html><html lang="{lang}" dir="{"rtl" if lang == "ar" else "ltr"}"><head><meta charset="utf-8"><title>Shop</title>'
            f'<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">{head}</head>'
            f"<body>{body}</body></html>"
        )
        url = self.collector.url
        script = f'<script src="{url}/widget/v1.js" async></script>'
        filled = {name: value.replace("$COLLECTOR", url) for name, value in headers.items()}
        self.pages[path] = (html.replace("$SCRIPT", script).replace("$COLLECTOR", url), filled)
        return self.url + path


@pytest.fixture
def site(collector: Collector) -> Iterator[Site]:
    site = Site(collector)

    class Handler(Quiet):
        def do_GET(self) -> None:  # noqa: N802
            html, headers = site.pages.get(urlsplit(self.path).path, ("", {}))
            kind = {"Content_Type": "text/html; charset=utf-8"}
            self.reply(200 if html else 404, html.encode(), **{**kind, **headers})

    server, site.url = serve(Handler)
    yield site
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module", params=["chromium", "firefox", "webkit"])
def program(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Window]:
    """One window in each engine."""
    if request.param == "chromium":
        yield Chromium(request.getfixturevalue("browser"))
    else:
        opened = firefox(tmp_path_factory.mktemp("firefox")) if request.param == "firefox" else webkit()
        with opened as program:
            yield program


@pytest.fixture
def fox(program: Window) -> Iterator[Window]:
    """The window, and nothing that a page of it has thrown."""
    program.call("WebDriver:SetWindowRect", width=1024, height=800)
    yield program
    assert program.js("window.broken") == []


def only_loopback(route: Route) -> None:
    if re.match(r"(https?://127\.0\.0\.1[:/]|data:|about:)", route.request.url):
        route.fallback()
    else:
        route.abort()


class Visitor:
    """A person with a browser; any uncaught error in a page fails the test."""

    def __init__(self, browser: Browser, **options: Any) -> None:
        settings = {"viewport": {"width": 1024, "height": 720}, "reduced_motion": "reduce", **options}
        self.context = browser.new_context(**settings)
        self.context.route("**/*", only_loopback)
        self.errors: list[str] = []

    def open(self, url: str) -> Page:
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.goto(url)
        return page


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Callable[..., Visitor]]:
    """Make a visitor, with options of the browser's context: a viewport, a colour scheme."""
    made: list[Visitor] = []

    def make(**options: Any) -> Visitor:
        made.append(Visitor(browser, **options))
        return made[-1]

    yield make
    errors = [error for each in made for error in each.errors]
    for each in made:
        each.context.close()
    assert errors == []


@pytest.fixture
def visit(visitor: Callable[..., Visitor]) -> Callable[..., Page]:
    """Open a page as a new visitor and wait until the question can be answered."""

    def go(url: str, *, asked: bool = True, **options: Any) -> Page:
        page = visitor(**options).open(url)
        if asked:
            page.locator(".question").first.wait_for()
            page.wait_for_timeout(450)  # a fresh question takes a click for the tail of a double click
        return page

    return go


@pytest.fixture
def violations() -> Callable[[Page], list[str]]:
    """Run axe-core on the page and return what it finds."""
    source = AXE.read_text("utf-8")

    def run(page: Page) -> list[str]:
        page.evaluate(source)
        found: list[str] = page.evaluate(VIOLATIONS)
        return found

    return run


@pytest.fixture
def shoot() -> Callable[[Page, str], None]:
    """Keep a screenshot under docs/screenshots/widget, where AFTERWORD_SCREENSHOTS=1 asks for new ones."""

    def keep(page: Page, name: str) -> None:
        if os.environ.get("AFTERWORD_SCREENSHOTS"):
            SCREENSHOTS.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=SCREENSHOTS / f"{name}.png")

    return keep


@pytest.fixture
def soon() -> Callable[[Page, Callable[[], bool]], None]:
    """Wait until something that the page causes has come true; a machine that others use as well may take long."""

    def wait(page: Page, condition: Callable[[], bool]) -> None:
        for _ in range(400):
            if condition():
                return
            page.wait_for_timeout(50)
        raise AssertionError("it did not come true within twenty seconds")

    return wait
