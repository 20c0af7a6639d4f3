"""A call that waits stands aside in its thread, what takes long is done in another, and neither leaves anything behind."""

from __future__ import annotations

import gc
import http.client
import weakref
from typing import Any

import pytest
from call_app import LONG, App

from collector import places
from collector.service import calls


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


def test_what_one_key_has_done_apart_leaves_a_thread_to_others(serve: Any, ask: Any, until: Any) -> None:
    app = App()
    listener = serve(app)
    stuck = [ask(listener, "/stuck_apart", key="flood") for _ in range(8)]
    until(lambda: len(listener.task_dispatcher.queue) == 5)
    assert ask(listener, "/page", key="other").result(LONG) == (200, "done")
    app.may_end.release(8)
    assert [each.result(LONG)[0] for each in stuck] == [200] * 8


def test_what_is_over_leaves_nothing_behind(serve: Any, ask: Any, until: Any, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr(calls, "SPARE", 4)
    app = App()
    listener = serve(app)
    parked = [ask(listener, "/parked") for _ in range(30)]
    until(lambda: len(app.gates) == 30)
    connections = weakref.WeakSet(listener.active_channels.values())
    assert len(connections) == 30
    while app.gates:
        app.gates.pop().open()
    assert [each.result(LONG)[0] for each in parked] == [200] * 30
    until(lambda: not listener.active_channels)
    until(lambda: not gc.collect() and len(connections) <= 1)
    for each in listener.loop._followers:
        assert len(each.calls._spare) <= 4
        assert not each.calls._stops


def test_a_connection_whose_call_breaks_is_closed(serve: Any, ask: Any, until: Any) -> None:
    listener = serve(App())
    with pytest.raises((http.client.HTTPException, ConnectionError)):
        ask(listener, "/broken").result(LONG)
    until(lambda: not listener.active_channels)
    assert ask(listener, "/call").result(LONG) == (200, "done")
