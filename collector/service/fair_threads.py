"""Threads that answer whoever sends in turns: one who floods waits for itself, and no machine ever holds them all."""

from __future__ import annotations

from typing import Any

from waitress.task import ThreadedTaskDispatcher

from collector.rounds import Rounds

KEY = "AUTHORIZATION"
NAMES = (KEY, "COOKIE", "ORIGIN")
"""By what senders are told apart: a key, somebody who has signed in, the site in which a widget stands."""
Sender = tuple[str, str]
NOBODY: Sender = ("", "")


class _Taken:
    """A request in the queue, and after that in the hands of a thread."""

    def __init__(self, task: Any, threads: FairThreads) -> None:
        self.task, self.threads, self.lane = task, threads, sender(task)

    def service(self) -> None:
        try:
            self.task.service()
        finally:
            self.threads.done(self)

    def cancel(self) -> None:
        self.task.cancel()


class FairThreads(ThreadedTaskDispatcher):  # type: ignore[misc] # waitress carries no types
    """waitress's threads, over a queue in rounds. The last free one is kept from whoever holds the others by one key."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.queue: Rounds[_Taken] = Rounds(lambda lane: count if lane[0] != KEY else max(1, count - 1))  # type: ignore[index]

    def add_task(self, task: Any) -> None:
        super().add_task(_Taken(task, self))

    def done(self, taken: _Taken) -> None:
        """A thread is free again: what its sender has queued may be taken."""
        with self.lock:
            self.queue.done(taken.lane)
            self.queue_cv.notify()


def sender(task: Any) -> Sender:
    """Who sends the next request of a connection, as far as can be told before it is read."""
    headers = task.requests[0].headers if task.requests else {}
    return next(((name, headers[name]) for name in NAMES if headers.get(name)), NOBODY)
