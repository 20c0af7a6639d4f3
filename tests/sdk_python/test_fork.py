"""Forks: each process delivers its own rows, under its own file, and counts for itself."""

from __future__ import annotations

import json
import signal
import subprocess
import threading
import time
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.mark.parametrize("outbox", ["file", "memory"])
@pytest.mark.parametrize("when", ["before", "after", "thread"])
def test_parent_and_children_deliver_what_is_theirs(
    when: str, outbox: str, host: Start, sink: Any, tmp_path: Path
) -> None:
    path = str(tmp_path / "outbox.db") if outbox == "file" else "memory"
    process = host("fork.py", when, OUTBOX=path)
    out, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    reports = {report["name"]: report for report in map(json.loads, out.splitlines())}
    parents = 100 + (50 if when != "before" else 0) + (200 if when == "thread" else 0)
    assert len(sink.triggers) == sink.received == 300 + parents
    assert len(set(sink.transactions())) == 300 + parents
    for name, report in reports.items():
        assert report["flushed"]
        assert report["accepted"] == (parents if name == "parent" else 100)
        assert report["accepted"] + report["adopted"] == report["delivered"]
        assert (report["queued"], report["dead"], report["dropped"]) == (0, 0, {})


def test_files_of_children_are_adopted_when_they_are_gone(host: Start, sink: Any, tmp_path: Path) -> None:
    host("fork.py", "after").communicate(timeout=60)
    assert len(list(tmp_path.glob("outbox*.db"))) <= 4
    sink.triggers.clear()
    host("leave.py", "normal", 1).communicate(timeout=60)
    assert {path.name for path in tmp_path.glob("outbox*.db")} == {"outbox.db"}
    assert len(sink.triggers) == 1


def test_a_child_that_leaves_takes_nothing_of_the_parents_along(
    host: Start, sink: Any, wait_until: Callable[..., bool]
) -> None:
    asked = threading.Event()

    def say_nothing(handler: Any, sink: Any, what: str, body: Any) -> bool:
        """Let the parent's thread wait for an answer, its reader locked, while the process is copied."""
        asked.set()
        time.sleep(3)
        handler.close_connection = True
        return True

    sink.faults.append(say_nothing)
    process = host("fork_and_die.py")
    assert asked.wait(20)
    out, _ = process.communicate("now\n", timeout=60)
    assert process.returncode == -9
    wanted = out.split()
    assert len(set(wanted)) >= 115
    host("leave.py", "normal", 1).communicate(timeout=60)
    assert wait_until(lambda: set(wanted) <= set(sink.transactions()), 30)


def test_a_signal_handler_may_call_in_the_middle_of_a_call(host: Start, sink: Any) -> None:
    out, errors = host("alarmed.py").communicate(timeout=90)
    report = json.loads(out)
    assert report["flushed"], errors
    calls = report["main"] + report["alarm"]
    assert report["alarm"] > 100
    assert (report["accepted"], report["delivered"], report["queued"]) == (calls, calls, 0)
    assert len(sink.triggers) == sink.received == calls


def test_alarms_do_not_pile_up_while_a_call_waits_for_another_thread(client: Any, sink: Any) -> None:
    """Each would wait in the middle of the last one's wait, until Python's stack is full and their rows are lost."""
    outbox, held, calls, depth = client._machinery.outbox, threading.Event(), [0], [0, 0]

    def hold() -> None:
        with outbox.lock:
            held.set()
            time.sleep(0.2)

    def call(*_: object) -> None:
        depth[0] += 1
        depth[1] = max(depth)
        calls[0] += 1
        client.trigger_survey("order-confirmed", transaction=f"one-{calls[0]}")
        depth[0] -= 1

    holder = threading.Thread(target=hold)
    before = signal.signal(signal.SIGALRM, call)
    try:
        holder.start()
        assert held.wait(10)
        signal.setitimer(signal.ITIMER_REAL, 0.002, 0.002)
        call()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        holder.join()
    assert client.flush(20)
    assert calls[0] > 10
    assert depth[1] < 10
    assert client.stats().accepted == client.stats().delivered == calls[0]


def test_two_forks_at_once_end_only_their_own_rest() -> None:
    """The one that is done first must not release what the other holds, nor leave it held."""
    from afterword import forks

    class Lock:
        def __init__(self) -> None:
            self.lock = threading.RLock()

        def before_fork(self) -> None:
            self.lock.acquire(timeout=10)

        def after_fork_in_parent(self) -> None:
            self.lock.release()  # raises where another thread holds it

        def after_fork_in_child(self) -> None:
            """Not asked here."""

    client, begun, errors = Lock(), threading.Event(), []
    forks._known.append(weakref.ref(client))

    def fork() -> None:
        try:
            begun.set()
            forks._before()
            forks._in_parent()
        except RuntimeError as error:
            errors.append(error)

    forks._before()
    other = threading.Thread(target=fork)
    other.start()
    begun.wait(5)
    time.sleep(0.05)
    forks._in_parent()
    other.join(10)
    assert errors == []
    assert client.lock.acquire(blocking=False)
    forks._known[:] = [known for known in forks._known if known() is not client]


def test_a_call_steps_aside_when_the_lock_is_held_for_long(client: Any, sink: Any) -> None:
    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        with client._machinery.outbox.lock:
            held.set()
            release.wait(20)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(5)
    began = time.monotonic()
    client.trigger_survey("order-confirmed", transaction="first")
    assert time.monotonic() - began < 5  # a fifth of a second, on a quiet machine
    release.set()
    holder.join()
    client.cancel_survey(transaction="first")
    assert client.flush(10)
    assert sink.order == ["first", "cancel first"]


def test_the_delivery_begins_anew_whatever_it_is_thrown(
    client: Any, sink: Any, wait_until: Callable[..., bool]
) -> None:
    courier = client._machinery.delivery._thread._courier
    take = courier._source.take

    def leave(limit: int) -> Any:
        courier._source.take = take
        raise SystemExit(1)

    courier._source.take = leave
    client.trigger_survey("order-confirmed", transaction="one")
    assert wait_until(lambda: sink.transactions() == ["one"])
    assert client.stats().restarts == 1


def test_a_signal_handler_may_close_in_the_middle_of_a_call(host: Start, sink: Any) -> None:
    out, errors = host("closing.py").communicate(timeout=90)
    report = json.loads(out)
    assert report["flushed"], errors
    assert report["closed"] > 20
    assert (report["accepted"], report["queued"]) == (report["calls"], 0)
    assert len(sink.triggers) == report["calls"]
