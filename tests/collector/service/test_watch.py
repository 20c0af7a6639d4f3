"""The loop asks a connection what it waits for only when that may have changed, and misses no change."""

from __future__ import annotations

import http.client
import socket
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import pytest

from collector.service.listening import Listener
from collector.service.reading import Connection

LONG = 30.0
LARGE = b"x" * 20_000_000
Start = Callable[..., Listener]


def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    body = LARGE if environ["PATH_INFO"] == "/large" else b"here"
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]


def test_idle_connections_cost_nothing(listen: Start, monkeypatch: pytest.MonkeyPatch, until: Any) -> None:
    listener = listen(app)
    port = int(listener.effective_port)
    asked: Counter[int] = Counter()
    readable = Connection.readable

    def counted(self: Connection) -> bool:
        asked[self.socket.fileno()] += 1
        return readable(self)

    with ExitStack() as stack:
        for _ in range(50):
            stack.enter_context(socket.create_connection(("127.0.0.1", port)))
        until(lambda: len(listener.active_channels) == 50)
        idle = {connection.socket.fileno() for connection in listener.active_channels.values()}
        time.sleep(0.2)  # the last of them was asked
        monkeypatch.setattr(Connection, "readable", counted)
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=LONG)
        for _ in range(30):
            client.request("GET", "/")
            assert client.getresponse().read() == b"here"
        client.close()
        assert sum(asked[file] for file in idle) == 0
        assert 0 < sum(asked.values()) <= 4 * 30 + 5


def test_what_the_line_does_not_take_at_once_follows(listen: Start) -> None:
    """The thread that answers sends what it can; the loop sends the rest, as slowly as it is read."""
    listener = listen(app)
    with socket.create_connection(("127.0.0.1", int(listener.effective_port))) as client:
        client.settimeout(LONG)
        client.sendall(
            b"GET /large HTTP/1.1\r\nHost: here\r\n\r\nGET / HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n"
        )
        said = b""
        while came := client.recv(300_000):
            said += came
            time.sleep(0.001)
    head, _, body = said.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK")
    assert body.startswith(LARGE)
    assert body[len(LARGE) :].endswith(b"\r\n\r\nhere")


def test_one_after_the_other_on_many_connections(listen: Start) -> None:
    """No change is missed: each answer comes at once, not when the loop next looks by itself."""
    listener = listen(app, threads=4, at_once=2)
    clients = [
        http.client.HTTPConnection("127.0.0.1", int(listener.effective_port), timeout=LONG) for _ in range(16)
    ]
    for _ in range(40):
        for client in clients:
            client.request("GET", "/")
        for client in clients:
            assert client.getresponse().read() == b"here"
    for client in clients:
        client.close()


def test_who_goes_leaves_nothing_behind(listen: Start, until: Any) -> None:
    listener = listen(app)
    for _ in range(20):
        client = http.client.HTTPConnection("127.0.0.1", int(listener.effective_port), timeout=LONG)
        client.request("GET", "/")
        assert client.getresponse().read() == b"here"
        client.close()
    until(lambda: not listener.active_channels)
    assert len(listener._map) == 2  # the door, and the loop's bell
    assert len(listener._map._wanted) == 2
