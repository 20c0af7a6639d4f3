"""The server as it listens, around an app of the test's own, in a thread."""

from __future__ import annotations

import math
import socket
import threading
import time
from collections.abc import Callable, Container, Iterator
from typing import Any

import pytest
from waitress import wasyncore

from collector.service.listening import Listener, threads_of
from collector.service.loop import HELD_UP, Loop

LONG = 30.0
Start = Callable[..., Listener]


@pytest.fixture
def listen() -> Iterator[Start]:
    """Starts a listener around a WSGI app and gives it; ``effective_port`` is where it listens."""
    stop = threading.Event()
    running: list[tuple[threading.Thread, Loop]] = []

    def start(app: Any, threads: int = 1, at_once: float = math.inf, calls: Container[str] = ()) -> Listener:
        bound = socket.create_server(("127.0.0.1", 0))
        made = Listener(app, bound, Loop(threads_of(threads, at_once)), calls)
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
