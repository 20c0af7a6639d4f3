"""Few requests run at once: who waits gives up its place, who takes long loses it."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from collector import places
from collector.service import fair_threads
from collector.service.listening import Listener

LONG = 30.0
Start = Callable[..., Listener]


class App:
    """Does what a request's path says, and notes what happens in the order in which it does."""

    def __init__(self) -> None:
        self.noted: list[str] = []
        self.gates = {name: threading.Semaphore(0) for name in ("busy", "waiting")}

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        name, _, number = environ["PATH_INFO"].strip("/").partition("-")
        self.noted.append(f"{name}{number}")
        getattr(self, name)()
        self.noted.append(f"{name}{number} done")
        start_response("200 OK", [("Content-Length", "0")])
        return [b""]

    def quick(self) -> None:
        pass

    def busy(self) -> None:
        assert self.gates["busy"].acquire(timeout=LONG)

    def waiting(self) -> None:
        with places.left():
            assert self.gates["waiting"].acquire(timeout=LONG)


@pytest.fixture
def ask() -> Iterator[Callable[[Listener, str], Any]]:
    """Sends a request in a thread of its own, and gives its future."""

    def get(port: int, path: str) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LONG)
        connection.request("GET", f"/{path}")
        status = connection.getresponse().status
        connection.close()
        return status

    with ThreadPoolExecutor(16) as pool:
        yield lambda listener, path: pool.submit(get, int(listener.effective_port), path)


def counts_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fair_threads, "SHORT", LONG)


def test_so_many_run_and_the_others_are_answered_after_them(listen: Start, ask: Any, monkeypatch: pytest.MonkeyPatch, until: Any) -> None:  # fmt: skip
    counts_for_ever(monkeypatch)
    app = App()
    listener = listen(app, threads=8, at_once=2)
    asked = [ask(listener, f"busy-{n}") for n in range(6)]
    until(lambda: len(listener.task_dispatcher.queue) == 4)
    assert len(app.noted) == 2
    app.gates["busy"].release(6)
    assert [each.result(LONG) for each in asked] == [200] * 6
    running = [sum(-1 if word.endswith("done") else 1 for word in app.noted[: n + 1]) for n in range(12)]
    assert max(running) == 2


def test_who_waits_gives_up_its_place(listen: Start, ask: Any, monkeypatch: pytest.MonkeyPatch, until: Any) -> None:  # fmt: skip
    counts_for_ever(monkeypatch)
    app = App()
    listener = listen(app, threads=4, at_once=1)
    waiting = [ask(listener, f"waiting-{n}") for n in range(3)]
    until(lambda: len(app.noted) == 3)
    assert ask(listener, "quick").result(LONG) == 200
    app.gates["waiting"].release(3)
    assert [each.result(LONG) for each in waiting] == [200] * 3


def test_who_has_run_for_long_is_not_counted(listen: Start, ask: Any) -> None:
    """Nobody else comes or goes: one of the sleeping threads looks."""
    app = App()
    listener = listen(app, threads=6, at_once=2)
    stuck = [ask(listener, f"busy-{n}") for n in range(5)]
    assert ask(listener, "quick").result(LONG) == 200
    app.gates["busy"].release(5)
    assert [each.result(LONG) for each in stuck] == [200] * 5


def test_outside_a_server_there_is_no_place_to_give_up() -> None:
    with places.left():
        places.let_others_first(LONG)
