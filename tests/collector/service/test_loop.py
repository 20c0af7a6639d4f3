"""Calls are answered where they are read, one beside the other; who is held up holds up nobody else."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from collector import places
from collector.service import loop
from collector.service.listening import SHORT_BODY, Listener

LONG = 30.0
CALLS = ("/call", "/held", "/parked", "/last", "/apart", "/fails", "/impatient")
Start = Callable[..., Listener]


class App:
    """Does what a request's path says, and notes in which thread."""

    def __init__(self) -> None:
        self.threads: dict[str, set[str]] = {}
        self.order: list[str] = []
        self.gates: list[places.Gate] = []
        self.may_end = threading.Semaphore(0)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        name = environ["PATH_INFO"].strip("/")
        self.threads.setdefault(name, set()).add(threading.current_thread().name)
        said = getattr(self, name)() or "done"
        self.order.append(name)
        start_response("200 OK", [("Content-Length", str(len(said)))])
        return [said.encode()]

    def call(self) -> None:
        pass

    def page(self) -> None:
        pass

    def held(self) -> None:
        assert self.may_end.acquire(timeout=LONG)

    def parked(self) -> str:
        gate = places.gate()
        self.gates.append(gate)
        return str(gate.wait(LONG))

    def impatient(self) -> str:
        gate = places.gate()
        self.gates.append(gate)
        return str(gate.wait(0.05))

    def last(self) -> None:
        places.let_others_first(LONG)

    def apart(self) -> str:
        return places.apart(lambda: threading.current_thread().name)

    def fails(self) -> None:
        self.order.append("fails begins")
        places.apart(self._raise)

    def _raise(self) -> None:
        raise LookupError("no such thing")


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


def resting(listener: Listener) -> int:
    return sum(each.rests for each in listener.loop._followers)


@pytest.fixture
def serve(listen: Start, until: Any) -> Callable[[App], Listener]:
    """The app's server, when all of its threads are there."""

    def start(app: App) -> Listener:
        made = listen(app, threads=4, calls=CALLS)
        until(lambda: resting(made) == loop.THREADS - 1)
        return made

    return start


def test_calls_are_answered_where_they_are_read_and_pages_elsewhere(serve: Any, ask: Any) -> None:
    app = App()
    listener = serve(app)
    assert ask(listener, "/call").result(LONG) == (200, "done")
    assert ask(listener, "/page").result(LONG) == (200, "done")
    assert app.threads["call"] == {"loop"}
    assert "loop" not in app.threads["page"]


def test_a_call_with_a_long_body_is_for_a_thread(serve: Any, ask: Any) -> None:
    app = App()
    listener = serve(app)
    assert ask(listener, "/call", b"x" * SHORT_BODY).result(LONG)[0] == 200
    assert app.threads["call"] == {"loop"}
    assert ask(listener, "/call", b"x" * (SHORT_BODY + 1)).result(LONG)[0] == 200
    assert len(app.threads["call"]) == 2


def test_who_waits_stands_aside_for_the_others(serve: Any, ask: Any, until: Any) -> None:
    """Thirty wait in one thread, and those that come are answered; each goes on when its own gate is opened."""
    app = App()
    listener = serve(app)
    parked = [ask(listener, "/parked") for _ in range(30)]
    until(lambda: len(app.gates) == 30)
    assert ask(listener, "/call").result(LONG) == (200, "done")
    assert not app.order.count("parked")
    for gate in app.gates[:10]:
        gate.open()
    until(lambda: app.order.count("parked") == 10)
    for gate in app.gates[10:]:
        gate.open()
    assert [each.result(LONG) for each in parked] == [(200, "True")] * 30
    assert app.threads["parked"] == {"loop"}


def test_who_has_waited_for_too_long_goes_on_without(serve: Any, ask: Any) -> None:
    app = App()
    listener = serve(app)
    assert ask(listener, "/impatient").result(LONG) == (200, "False")
    app.gates[0].open()  # too late: nobody waits there
    assert ask(listener, "/call").result(LONG) == (200, "done")
    assert app.order == ["impatient", "call"]


def test_a_gate_that_is_open_already_is_no_wait(serve: Any, ask: Any) -> None:
    app = App()

    def open_first() -> str:
        gate = places.gate()
        gate.open()
        return f"{gate.is_open()} {gate.wait(LONG)}"

    app.call = open_first  # type: ignore[method-assign,assignment]
    assert ask(serve(app), "/call").result(LONG) == (200, "True True")


def test_who_is_held_up_holds_up_nobody_else(serve: Any, ask: Any, until: Any) -> None:
    """As many as can read, and one more: the last of them is held up in a thread for pages."""
    app = App()
    listener = serve(app)
    held = []
    for n in range(loop.THREADS):
        held.append(ask(listener, "/held"))
        until(
            lambda n=n: len(app.threads.get("held", ())) and resting(listener) == max(0, loop.THREADS - 2 - n)
        )
        assert ask(listener, "/call").result(LONG) == (200, "done")
        assert ask(listener, "/page").result(LONG) == (200, "done")
    assert len(app.threads["held"]) == 2
    app.may_end.release(loop.THREADS)
    assert [each.result(LONG) for each in held] == [(200, "done")] * loop.THREADS
    until(lambda: resting(listener) == loop.THREADS - 1)
    assert ask(listener, "/call").result(LONG) == (200, "done")


def test_who_waits_in_a_thread_that_was_held_up_goes_on_after_that(serve: Any, ask: Any, until: Any) -> None:
    app = App()
    listener = serve(app)
    parked = ask(listener, "/parked")
    until(lambda: bool(app.gates))
    held = ask(listener, "/held")
    until(lambda: resting(listener) == loop.THREADS - 2)
    app.gates[0].open()
    time.sleep(0.05)
    assert not parked.done()
    app.may_end.release()
    assert parked.result(LONG) == (200, "True")
    assert held.result(LONG) == (200, "done")


def test_who_waits_in_a_thread_that_no_longer_leads_is_woken(serve: Any, ask: Any, until: Any) -> None:
    app = App()
    listener = serve(app)
    parked = ask(listener, "/parked")
    until(lambda: bool(app.gates))
    held = ask(listener, "/held")
    until(lambda: resting(listener) == loop.THREADS - 2)
    app.may_end.release()
    held.result(LONG)
    until(lambda: resting(listener) == loop.THREADS - 1)  # the first rests now, with a call that waits
    app.gates[0].open()
    assert parked.result(1) == (200, "True")


def test_a_leader_of_a_batch_lets_all_others_go_first(serve: Any, ask: Any, until: Any, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr(loop, "SPELL", LONG)
    app = App()
    listener = serve(app)

    def crowd() -> None:
        """While this runs, ten calls queue up behind a leader."""
        sent = [ask(listener, "/last"), *(ask(listener, "/call") for _ in range(10))]
        time.sleep(0.2)
        app.sent = sent  # type: ignore[attr-defined]

    monkeypatch.setattr(loop, "HELD_UP", LONG)
    app.held = crowd  # type: ignore[method-assign]
    ask(listener, "/held").result(LONG)
    assert all(each.result(LONG)[0] == 200 for each in app.sent)  # type: ignore[attr-defined]
    assert app.order[-1] == "last"


def test_a_leader_of_a_batch_does_not_wait_where_nobody_is(serve: Any, ask: Any) -> None:
    app = App()
    began = time.monotonic()
    assert ask(serve(app), "/last").result(LONG) == (200, "done")
    assert time.monotonic() - began < LONG / 2


def test_what_takes_long_is_done_apart(serve: Any, ask: Any) -> None:
    app = App()
    status, thread = ask(serve(app), "/apart").result(LONG)
    assert (status, app.threads["apart"]) == (200, {"loop"})
    assert thread != "loop"


def test_what_fails_apart_fails_in_the_call(serve: Any, ask: Any) -> None:
    app = App()
    listener = serve(app)
    assert ask(listener, "/fails").result(LONG)[0] == 500
    assert ask(listener, "/call").result(LONG) == (200, "done")


def test_one_key_that_floods_leaves_every_second_turn_to_others(serve: Any, ask: Any, until: Any, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """What comes while one call runs is queued up behind it, and taken in turns."""
    monkeypatch.setattr(loop, "HELD_UP", LONG)
    app = App()
    listener = serve(app)
    first = ask(listener, "/held")
    until(lambda: "held" in app.threads)
    sent = [ask(listener, "/call", key="flood") for _ in range(20)]
    time.sleep(0.2)  # they have arrived; nobody reads now, so nothing tells of it
    sent.append(ask(listener, "/fails", key="other"))
    time.sleep(0.1)
    app.may_end.release()
    assert [each.result(LONG)[0] for each in (first, *sent)] == [200] * 21 + [500]
    assert app.order.index("fails begins") <= 2
