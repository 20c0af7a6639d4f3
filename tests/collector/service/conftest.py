"""The server as it listens, around an app of the test's own, in a thread."""

from __future__ import annotations

import http.client
import math
import socket
import threading
import time
from collections.abc import Callable, Container, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from call_app import CALLS, App, resting
from waitress import wasyncore

from collector.addresses import Addresses
from collector.service.listening import Listener, threads_of
from collector.service.loop import HELD_UP, THREADS, Loop

LONG = 30.0
Start = Callable[..., Listener]


@pytest.fixture
def listen() -> Iterator[Start]:
    """Starts a listener around a WSGI app and gives it; ``effective_port`` is where it listens."""
    stop = threading.Event()
    running: list[tuple[threading.Thread, Loop]] = []

    def start(
        app: Any, threads: int = 1, at_once: float = math.inf, calls: Container[str] = (), url: str = ""
    ) -> Listener:
        bound = socket.create_server(("127.0.0.1", 0))
        made = Listener(app, bound, Loop(threads_of(threads, at_once)), calls, Addresses(url))
        made.loop.start()
        carer = threading.Thread(target=_look_after, args=(made.loop, stop))
        carer.start()
        running.append((carer, made.loop))
        return made

    yield start
    stop.set()
    for carer, loop in running:
        carer.join()
        loop.stop()
        wasyncore.close_all(loop.watch)


def _look_after(loop: Loop, stop: threading.Event) -> None:
    while not stop.wait(HELD_UP):
        loop.look_after()


@pytest.fixture
def until() -> Callable[[Callable[[], bool]], None]:
    """Waits until something that other threads bring about is so."""

    def wait(is_so: Callable[[], bool]) -> None:
        deadline = time.monotonic() + LONG
        while not is_so():
            assert time.monotonic() < deadline
            time.sleep(0.005)

    return wait


@pytest.fixture
def ask() -> Iterator[Callable[..., Any]]:
    """Sends a request in a thread of its own, and gives a future of (status, body)."""

    def get(listener: Listener, path: str, body: bytes = b"", key: str = "") -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", int(listener.effective_port), timeout=LONG)
        connection.request(
            "POST" if body else "GET", path, body or None, {"Authorization": key} if key else {}
        )
        answer = connection.getresponse()
        status, said = answer.status, answer.read().decode()
        connection.close()
        return status, said

    with ThreadPoolExecutor(64) as pool:
        yield lambda *said, **more: pool.submit(get, *said, **more)


@pytest.fixture
def serve(listen: Start, until: Any) -> Callable[[App], Listener]:
    """The app's server, when all of its threads are there."""

    def start(app: App) -> Listener:
        made = listen(app, threads=4, calls=CALLS)
        until(lambda: resting(made) == THREADS - 1)
        return made

    return start
