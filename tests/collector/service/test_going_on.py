"""Who waited for another at a gate goes on when there is a place, not all at once; and always goes on."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from collector.places import Gate
from collector.service import fair_threads
from collector.service.fair_threads import FairThreads

LONG = 30.0


class Task:
    """What a thread of the server does."""

    requests = ()

    def __init__(self, do: Callable[[], Any]) -> None:
        self._do, self.done = do, Future[Any]()

    def service(self) -> None:
        self.done.set_result(self._do())

    def cancel(self) -> None:
        pass


@pytest.fixture
def threads() -> Iterator[FairThreads]:
    """Eight threads, of which one runs at once."""
    made = FairThreads(8, at_once=1)
    made.set_thread_count(8)
    yield made
    made.shutdown()


def at_gates(
    threads: FairThreads, until: Any, count: int, then: Callable[[], Any]
) -> tuple[list[Gate], list[Task]]:
    """So many threads, each behind a gate of its own."""
    gates: list[Gate] = []

    def wait() -> Any:
        gates.append(gate := Gate())
        assert gate.wait(LONG)
        return then()

    tasks = [Task(wait) for _ in range(count)]
    for task in tasks:
        threads.add_task(task)
    until(lambda: len(gates) == count and not threads._running)
    return gates, tasks


def test_they_go_on_one_after_the_other(
    threads: FairThreads, until: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fair_threads, "SHORT", LONG)
    inside, most = [], []

    def note() -> None:
        inside.append(1)
        most.append(len(inside))
        time.sleep(0.002)
        inside.pop()

    gates, tasks = at_gates(threads, until, 6, note)
    for gate in gates:
        gate.open_soon()
    for task in tasks:
        task.done.result(LONG)
    assert most == [1] * 6


def test_they_go_before_a_new_request(
    threads: FairThreads, until: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fair_threads, "SHORT", LONG)
    order: list[str] = []
    gates, tasks = at_gates(threads, until, 3, lambda: order.append("waited"))
    holds = threading.Semaphore(0)
    threads.add_task(Task(lambda: holds.acquire(timeout=LONG)))
    until(lambda: bool(threads._running))
    new = Task(lambda: order.append("new"))
    threads.add_task(new)
    for gate in gates:
        gate.open_soon()
    time.sleep(0.05)
    assert not order
    holds.release()
    for task in (*tasks, new):
        task.done.result(LONG)
    assert order == ["waited"] * 3 + ["new"]


def test_somebody_who_runs_for_long_holds_up_nobody(threads: FairThreads, until: Any) -> None:
    """Nothing else happens meanwhile: they look for themselves."""
    gates, tasks = at_gates(threads, until, 7, lambda: True)
    holds = threading.Semaphore(0)
    long = Task(lambda: holds.acquire(timeout=LONG))
    threads.add_task(long)
    until(lambda: bool(threads._running))
    for gate in gates:
        gate.open_soon()
    assert all(task.done.result(LONG / 2) for task in tasks)
    assert not long.done.done()
    holds.release()


def test_who_gave_up_waiting_takes_no_place(
    threads: FairThreads, until: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fair_threads, "SHORT", LONG)
    gates: list[Gate] = []

    def impatient() -> bool:
        gates.append(gate := Gate())
        return gate.wait(0.05)

    waits = Task(impatient)
    threads.add_task(waits)
    until(lambda: bool(gates) and not threads._running)
    holds = threading.Semaphore(0)
    threads.add_task(Task(lambda: holds.acquire(timeout=LONG)))
    until(lambda: bool(threads._running))
    gates[0].open_soon()
    assert waits.done.result(LONG) is False
    holds.release()
    until(lambda: not threads._running)
    assert not threads._gates
    assert not gates[0].is_open()


def test_outside_a_server_a_gate_is_opened_at_once() -> None:
    gate = Gate()
    with ThreadPoolExecutor(1) as pool:
        opened = pool.submit(gate.open_soon)
        assert gate.wait(LONG)
        opened.result(LONG)
    assert not gate.wait(0.001)
