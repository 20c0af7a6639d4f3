"""A stub collector that keeps to docs/reference/wire.md, a host site of another origin, and a browser."""

import json
import os
import re
import threading
from collections.abc import Callable, Iterator
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route

ROOT = Path(__file__).parents[3]
SURVEYS = json.loads((Path(__file__).parent / "surveys.json").read_text("utf-8"))
SCRIPT = ROOT / "collector/static/widget/v1.js"
STAMPED = {sha256(file.read_bytes()).hexdigest()[:16]: file for file in SCRIPT.parent.glob("*.js")}
AXE = ROOT / "widget/node_modules/axe-core/axe.min.js"
SCREENSHOTS = ROOT / "docs/screenshots/widget"
VIOLATIONS = """axe.run(document, {resultTypes: ['violations']})
    .then(({violations}) => violations.map(({id, nodes}) => id + ': ' + nodes[0].html))"""
LOOK = """<meta name="color-scheme" content="light dark">
    <style>body { font: 16px/1.5 system-ui; max-width: 44rem; margin: 2rem auto; padding: 0 16px }</style>"""
STORY = """<main><h1>Order confirmed</h1><p>We will tell you when the technician comes.</p>$SURVEY
    <p>Order number 991, delivered by post.</p>$MORE</main>"""


class Collector:
    """Answers surveys by the name in their token ("nps.1" asks "nps"), keeps what arrives, and can fail on demand."""

    url: str

    def __init__(self) -> None:
        self.failing = False
        self.settled = False  # the time for a second thought is over
        self.requests: list[str] = []
        self.posts: list[dict[str, Any]] = []
        self.events: list[str] = []
        self.responses: dict[str, dict[str, Any]] = {}
        self.headers: list[dict[str, str]] = []
        self.scripts: list[str] = []  # the paths of the widget's scripts that were asked for
        self.missing: set[str] = set()  # the names of scripts that it has not
        self.offers: dict[str, Any] = {}  # what a survey carries besides its questions
        self.why: dict[str, str] = {}  # the headers that tell a local page why nothing is shown

    def survey(self, query: dict[str, list[str]]) -> dict[str, Any] | None:
        token = (query.get("token") or query.get("customer") or query["touchpoint"])[0]
        name = token.split(".")[0]
        if name not in SURVEYS:
            return None
        held = self.responses.get(token)
        if held and held["complete"]:
            return None
        answered = {"response_id": held["response_id"], "answers": held["answers"]} if held else None
        found = {**SURVEYS[name], "token": token, "invitation_id": identifier(token), "answered": answered}
        return found | self.offers

    def submit(self, message: dict[str, Any]) -> int:
        self.posts.append(message)
        held = self.responses.setdefault(message["token"], {"answers": {}, "complete": False, "new": True})
        if held.setdefault("response_id", message["response_id"]) != message["response_id"]:
            return 409
        if self.settled and any(
            held["answers"].get(key, value) != value for key, value in message["answers"].items()
        ):
            return 409
        held["answers"] |= message["answers"]
        held["complete"] |= message["complete"]
        return 201 if held.pop("new", False) else 200

    def answers(self, token: str) -> dict[str, Any]:
        return self.responses[token]["answers"] if token in self.responses else {}

    def complete(self, token: str) -> bool:
        return token in self.responses and self.responses[token]["complete"]


def identifier(token: str) -> str:
    """A UUID-shaped id of the invitation."""
    return f"00000000-0000-8000-8000-{int.from_bytes(token.encode()[-6:].rjust(6, b'0'), 'big'):012x}"


def serve(handler: type[BaseHTTPRequestHandler]) -> tuple[ThreadingHTTPServer, str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, f"http://127.0.0.1:{server.server_port}"


class Quiet(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        pass

    def reply(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)


def collector_handler(collector: Collector) -> type[Quiet]:
    class Handler(Quiet):
        def parse_request(self) -> bool:
            """Take requests under a path of a proxy's too."""
            understood = super().parse_request()
            self.path = self.path.removeprefix("/feedback") if understood else ""
            return understood

        def answer(self, status: int, body: object = None) -> None:
            collector.requests.append(f"{self.command} {urlsplit(self.path).path}")
            collector.headers.append(dict(self.headers))
            payload = b"" if body is None else json.dumps(body).encode()
            self.reply(status, payload, Content_Type="application/json", Access_Control_Allow_Origin="*", **collector.why)  # fmt: skip

        def script(self, path: str) -> None:
            collector.scripts.append(path)
            name = path.removeprefix("/widget/")
            file = STAMPED.get(name.removeprefix("v1.").removesuffix(".js"), SCRIPT.parent / name)
            found = name not in collector.missing and file.exists()
            body = file.read_bytes() if found else b""
            kind = "text/javascript" if found else "text/html"
            self.reply(200 if found else 404, body, Content_Type=kind, Access_Control_Allow_Origin="*")

        def do_GET(self) -> None:
            url = urlsplit(self.path)
            if url.path.startswith("/widget/"):
                return self.script(url.path)
            if collector.failing:
                return self.answer(503)
            survey = collector.survey(parse_qs(url.query))
            return self.answer(200, survey) if survey else self.answer(204)

        def do_POST(self) -> None:
            message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if collector.failing:
                return self.answer(503)
            if self.path == "/w/v1/events":
                collector.events.append(message["event"])
                return self.answer(202, {})
            held = message["response_id"]
            status = collector.submit(message)
            return self.answer(
                status, {"code": "answer_conflict"} if status == 409 else {"response_id": held}
            )

        def do_OPTIONS(self) -> None:
            self.answer(405)

    return Handler


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
        def do_GET(self) -> None:
            html, headers = site.pages.get(urlsplit(self.path).path, ("", {}))
            kind = {"Content_Type": "text/html; charset=utf-8"}
            self.reply(200 if html else 404, html.encode(), **{**kind, **headers})

    server, site.url = serve(Handler)
    yield site
    server.shutdown()
    server.server_close()


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
