"""The server as it listens, around an app of the test's own, in a thread."""

from __future__ import annotations

import math
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from waitress import wasyncore

from collector.service.listening import Listener
from collector.service.watch import Watch

LONG = 30.0
Start = Callable[..., Listener]


@pytest.fixture
def listen() -> Iterator[Start]:
    """Starts a listener around a WSGI app and gives it; ``effective_port`` is where it listens."""
    stop, running = threading.Event(), []

    def start(app: Any, threads: int = 1, at_once: float = math.inf) -> Listener:
        bound = socket.create_server(("127.0.0.1", 0))
        waiting = Watch()
        made = Listener(app, bound, threads, waiting, at_once)
        loop = threading.Thread(target=_turn, args=(waiting, stop))
        loop.start()
        running.append((loop, waiting))
        return made

    yield start
    stop.set()
    for loop, waiting in running:
        loop.join()
        wasyncore.close_all(waiting)


def _turn(waiting: Watch, stop: threading.Event) -> None:
    while not stop.is_set():
        waiting.turn(0.05)


@pytest.fixture
def until() -> Callable[[Callable[[], bool]], None]:
    """Waits until something that other threads bring about is so."""

    def wait(is_so: Callable[[], bool]) -> None:
        deadline = time.monotonic() + LONG
        while not is_so():
            assert time.monotonic() < deadline
            time.sleep(0.005)

    return wait
