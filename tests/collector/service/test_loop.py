"""Calls are answered where they are read; who is held up holds up nobody else."""

from __future__ import annotations

import http.client
import socket
import time
from typing import Any

import pytest
from call_app import LONG, App, resting

from collector.service import loop
from collector.service.listening import SHORT_BODY, Listener


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


def parked_and_held(app: App, listener: Listener, ask: Any, until: Any) -> tuple[Any, Any]:
    """A call that waits, and one by which its thread is held up."""
    parked = ask(listener, "/parked")
    until(lambda: bool(app.gates))
    held = ask(listener, "/held")
    until(lambda: resting(listener) == loop.THREADS - 2)
    return parked, held


def test_who_waits_in_a_thread_that_was_held_up_goes_on_after_that(serve: Any, ask: Any, until: Any) -> None:
    app = App()
    listener = serve(app)
    parked, held = parked_and_held(app, listener, ask, until)
    app.gates[0].open()
    time.sleep(0.05)
    assert not parked.done()
    app.may_end.release()
    assert parked.result(LONG) == (200, "True")
    assert held.result(LONG) == (200, "done")


def test_who_waits_in_a_thread_that_no_longer_leads_is_woken(serve: Any, ask: Any, until: Any) -> None:
    app = App()
    listener = serve(app)
    parked, held = parked_and_held(app, listener, ask, until)
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


def hold_all_but_one(app: App, listener: Listener, ask: Any, until: Any) -> list[Any]:
    """So many calls are held up that nobody could take over from who leads now."""
    held = []
    for n in range(loop.THREADS - 1):
        held.append(ask(listener, "/held"))
        until(lambda n=n: resting(listener) == loop.THREADS - 2 - n)
    return held


def test_the_last_who_can_read_goes_on_with_nothing_that_may_hold_it_up(
    serve: Any, ask: Any, until: Any
) -> None:
    """The call has waited in the thread that leads now; it would be held up when it goes on, and with it all others."""
    app = App()
    listener = serve(app)
    first = ask(listener, "/held")
    until(lambda: resting(listener) == loop.THREADS - 2)
    parked = ask(listener, "/parked_then_held")
    until(lambda: bool(app.gates))
    second = ask(listener, "/held")
    until(lambda: resting(listener) == 0)
    leads = ask(listener, "/parked")  # given to a thread, where it waits
    until(lambda: len(app.gates) == 2)
    for gate in app.gates:
        gate.open()
    assert ask(listener, "/page").result(LONG) == (200, "done")
    app.may_end.release(3)
    for each in (first, second, parked, leads):
        assert each.result(LONG)[0] == 200


def test_calls_that_nobody_can_take_leave_room_for_pages(serve: Any, ask: Any, until: Any, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr(loop, "MOST_APART", 2)
    app = App()
    listener = serve(app)
    held = hold_all_but_one(app, listener, ask, until)
    busy = []
    for waiting in (0, 0, 0, 0, 1, 2):  # four threads, and two who wait for one
        busy.append(ask(listener, "/held"))
        until(lambda waiting=waiting: app.begun["held"] + waiting == len(held) + len(busy))
    until(lambda: len(listener.task_dispatcher.queue) == 2)
    assert ask(listener, "/call").result(LONG)[0] == 503
    page = ask(listener, "/page")
    until(lambda: len(listener.task_dispatcher.queue) == 3)
    app.may_end.release(len(held) + len(busy))
    assert [each.result(LONG)[0] for each in (*held, *busy, page)] == [200] * (len(held) + 7)


def test_a_body_of_unknown_length_is_for_a_thread(serve: Any) -> None:
    app = App()
    listener = serve(app)
    connection = http.client.HTTPConnection("127.0.0.1", int(listener.effective_port), timeout=LONG)
    connection.request("POST", "/call", iter([b"x" * 100, b"y" * 100]), encode_chunked=True, headers={"Transfer-Encoding": "chunked"})  # fmt: skip
    assert connection.getresponse().read() == b"done"
    connection.close()
    assert "loop" not in app.threads["call"]


def test_the_door_is_closed_though_no_more_may_come_in(serve: Any, ask: Any, until: Any) -> None:
    listener = serve(App())
    listener.adj.connection_limit = len(listener._map)
    with socket.create_connection(("127.0.0.1", int(listener.effective_port))):
        listener.loop.order(listener.leave)
        until(lambda: listener.socket is None)
