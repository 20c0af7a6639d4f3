"""Below a path (``https://example.com/feedback``) the server knows its own paths as it does at a host's root.

A proxy may keep the path or take it off, and clients may write it in several ways: what the server takes for one of its
own is what the app finds a route for, and whatever else is asked goes to the app.
"""

from __future__ import annotations

import http.client
import json
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from served import serve
from sqlalchemy import Engine

from collector import bodies, clock, web
from collector.config import Config
from collector.config import load as load_config
from collector.service import loop
from collector.service.app import create_app
from collector.service.listening import Listener

LONG = 30.0
PLACES = ["", "/feedback", "/w", "/imports", "/r%C3%BCck/meldung", "/rück"]
"""Where collectors stand; of some of them the path looks like the beginning of one of our own."""
AHEAD = 80
"""Answers of 0.4 MB that a client asks for and does not read: more than the server writes ahead, so that it waits."""


ONE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""No path is read otherwise by another database."""


@pytest.fixture(params=PLACES)
def url(request: pytest.FixtureRequest) -> str:
    return f"https://example.com{request.param}"


@pytest.fixture
def place(url: str) -> str:
    """The path before everything, as a client writes it into a request."""
    return url.removeprefix("https://example.com").replace("ü", "%C3%BC")


@pytest.fixture
def routed() -> list[tuple[str, str | None]]:
    """Of each request the app answers: the thread that does, the route that was found."""
    return []


@pytest.fixture
def stuck() -> threading.Event:
    """What the only thread for pages waits for at ``/sign-in``."""
    return threading.Event()


@pytest.fixture
def listener(
    url: str, config: Config, engine: Engine, time: clock.FixedClock, company: Any, listen: Callable[..., Listener],
    until: Any, routed: list[Any], stuck: threading.Event,
) -> Iterator[Listener]:  # fmt: skip
    """The app's server at that address, with one thread for pages."""
    given = {"AFTERWORD_DATABASE_URL": config.database_url, "AFTERWORD_SECRET_KEY": config.secret_key[0]}
    app = create_app(load_config(given | {"AFTERWORD_URL": url}), engine, time)

    @app.before_request
    def note() -> None:
        route = web.here().url_rule.rule if web.here().url_rule else None
        routed.append((threading.current_thread().name, route))
        if route == "/sign-in":
            assert stuck.wait(LONG)

    made = listen(app, calls=web.short_paths(app), url=url)
    until(lambda: sum(each.rests for each in made.loop._followers) == loop.THREADS - 1)
    yield made
    stuck.set()


def ask(port: Any, path: str, method: str = "GET", length: int = 0, seconds: float = LONG) -> tuple[int, str]:
    """A status and a body; of a request body only the length is sent."""
    with socket.create_connection(("127.0.0.1", int(port)), timeout=seconds) as line:
        more = f"Content-Length: {length}\r\n" if length else ""
        line.sendall(
            f"{method} {path} HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n{more}\r\n".encode()
        )
        answer = http.client.HTTPResponse(line, method=method)
        answer.begin()
        return answer.status, answer.read().decode()


def is_answered(port: int, path: str) -> bool:
    """Whether it is, within a second."""
    try:
        return ask(port, path, seconds=1.0)[0] == 200
    except TimeoutError:
        return False


def written(place: str, path: str) -> list[str]:
    """A path below a place in the ways in which it may reach us."""
    doubled = f"/{place}{path}"
    return [
        place + path,
        doubled,
        f"{place}/{path}",
        f"{place}/%{ord(path[1]):x}{path[2:]}",
        f"http://example.com{place}{path}",
    ]


@ONE
def test_health_and_short_calls_are_answered_while_every_page_thread_is_busy(
    listener: Listener, place: str, routed: list[Any], stuck: threading.Event, until: Any
) -> None:
    port = listener.effective_port
    with ThreadPoolExecutor(1) as pool:
        held = pool.submit(ask, port, f"{place}/sign-in")
        until(lambda: "/sign-in" in {route for _, route in routed})
        for path in written(place, "/livez") + written(place, "/readyz"):
            assert ask(port, path)[0] == 200, path
        for path in written(place, "/w/v1/survey"):
            assert ask(port, path)[0] == 422, path
        assert not held.done()
        stuck.set()
        assert held.result(LONG)[0] == 200
    assert {who for who, route in routed if route == "/w/v1/survey"} == {"loop"}
    assert "loop" not in {who for who, route in routed if route != "/w/v1/survey"}


@ONE
def test_what_is_no_path_of_the_servers_own_is_left_to_the_app(
    listener: Listener, place: str, routed: list[Any]
) -> None:
    """Slashes in the middle or at the end, another case, more, less, the prefix twice: no route, or a redirect."""
    survey, port = "/w/v1/survey", listener.effective_port
    others = [
        "/w//v1/survey",
        survey + "/",
        "/w/v1/Survey",
        survey + "/more",
        survey + "%00",
        "/w/v1",
        "/livez/",
    ]
    for path in [place + other for other in (*others, "/live", "/livez/x")] + [f"{place}s{survey}"]:
        assert ask(port, path)[0] in {308, 404}, path
    if place:
        assert ask(port, f"{place}{place}/livez")[0] == 404
    assert {who for who, _ in routed} == {next(who for who, _ in routed)} != {"loop"}
    assert not {route for _, route in routed} & {"/livez", survey}


@ONE
def test_a_body_too_large_is_refused_by_its_announced_length(
    listener: Listener, place: str, routed: list[Any]
) -> None:
    limits = [(path, bodies.BROWSER_BODY) for path in ("/w/v1/responses", "/s/token")]
    limits += [("/api/v1/triggers", bodies.SERVER_BODY), ("/api/v1/imports/responses", bodies.UPLOAD_BODY)]
    for path, most in limits:
        for way in written(place, path):
            status, said = ask(listener.effective_port, way, "POST", most + 1)
            assert status == 413, way
            assert f"at most {most} bytes" in said, way
            assert json.loads(said)["type"] == f"{listener.addresses.prefix}/docs/errors#body_too_large"
    assert not routed


@pytest.mark.parametrize("place", ["", "/feedback"])
def test_a_served_collector_tells_its_health_while_its_only_page_thread_is_busy(
    place: str, tmp_path: Path, until: Any
) -> None:
    """Busy with somebody who asks for much and reads nothing of it."""
    settings = {"AFTERWORD_URL": f"https://example.com{place}", "AFTERWORD_THREADS": "1"}
    with serve(f"sqlite:///{tmp_path}/afterword.db", tmp_path, **settings) as collector:
        port = int(collector.url.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), timeout=LONG) as line:
            line.sendall(
                b"GET %s/openapi.json HTTP/1.1\r\nHost: example.com\r\n\r\n" % place.encode() * AHEAD
            )
            until(lambda: not is_answered(port, f"{place}/sign-in"))
            for path in ("/livez", "/readyz"):
                assert ask(port, place + path)[0] == 200
            assert ask(port, f"{place}/w/v1/survey")[0] == 422
            assert ask(port, f"{place}/w/v1/responses", "POST", bodies.BROWSER_BODY + 1)[0] == 413
