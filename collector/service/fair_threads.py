"""Threads that answer whoever sends in turns: one who floods waits for itself, and no machine ever holds them all.

Only few of them run at once, since more would only take Python from each other's hands (``collector/places.py``). Who
waits for a commit, or has run for so long that it must be a page or an export, is not counted among them.
"""

from __future__ import annotations

import threading
import time
from math import inf
from typing import Any

from waitress.task import ThreadedTaskDispatcher

from collector import places
from collector.rounds import Rounds

KEY = "AUTHORIZATION"
NAMES = (KEY, "COOKIE", "ORIGIN")
"""By what senders are told apart: a key, somebody who has signed in, the site in which a widget stands."""
SHORT = 0.02
"""Seconds after which a request that runs is no longer counted: many calls are answered in that time."""
Sender = tuple[str, str]
NOBODY: Sender = ("", "")


class Taken:
    """A request that waits for its turn, and after that is being answered."""

    def __init__(self, task: Any) -> None:
        self.task, self.lane = task, sender(task)

    def cancel(self) -> None:
        self.task.cancel()


class _Running:
    """The threads that run, and since when. Not safe for several threads by itself."""

    def __init__(self, most: float) -> None:
        self._most = most
        self._since: dict[int, float] = {}

    def add(self) -> None:
        """Count this thread."""
        self._since[threading.get_ident()] = time.monotonic()

    def remove(self) -> None:
        self._since.pop(threading.get_ident(), None)

    def seconds_until_free(self) -> float:
        """How long until one more may run, if nothing happens until then; 0 where it may now."""
        counted = self._counted()
        if len(counted) < self._most:
            return 0.0
        return max(0.001, sorted(counted)[len(counted) - int(self._most)] + SHORT - time.monotonic())

    def _counted(self) -> list[float]:
        long_ago = time.monotonic() - SHORT
        return [since for since in self._since.values() if since > long_ago]


class FairThreads(places.Keeper, ThreadedTaskDispatcher):  # type: ignore[misc] # waitress carries no types
    """waitress's threads, over a queue in rounds. The last free one is kept from whoever holds the others by one key."""

    def __init__(self, count: int, at_once: float = inf) -> None:
        """So many threads, of which so many run at once (``inf``: all of them)."""
        super().__init__()
        self.queue: Rounds[Taken] = Rounds(lambda lane: count if lane[0] != KEY else max(1, count - 1))  # type: ignore[index]
        self._running = _Running(at_once)
        self._somebody_looks = False

    def add_task(self, task: Any) -> None:
        """Queue a request up. A thread is woken only where it may run, or to look when it may."""
        with self.lock:
            self.queue.append(Taken(task))
            if self._may_take() or not self._somebody_looks:
                self.queue_cv.notify()

    def handler_thread(self, thread_no: int) -> None:
        """Answer one request after the other; who is done takes the next itself, so that nobody need be woken for it."""
        places.kept_by(self)
        while (taken := self._next(thread_no)) is not None:
            try:
                taken.task.service()
            except BaseException:
                self.logger.exception("Exception when servicing %r", taken.task)
            finally:
                self._end(taken)

    def leave(self) -> None:
        with self.lock:
            self._running.remove()
            if self._may_take() and len(self.threads) > self.active_count:
                self.queue_cv.notify()

    def come_back(self) -> None:
        with self.lock:
            self._running.add()

    def _next(self, thread_no: int) -> Taken | None:
        """The next request that may be answered, however long it takes to come; None where this thread is to end."""
        with self.lock:
            while not self.stop_count and not self._may_take():
                self._rest()
            if self.stop_count:
                self.active_count -= 1
                self.stop_count -= 1
                self.threads.discard(thread_no)
                self.thread_exit_cv.notify()
                return None
            taken = self.queue.popleft()
            self._running.add()
            if len(self.queue) and (self._may_take() or not self._somebody_looks):
                self.queue_cv.notify()
            return taken

    def _rest(self) -> None:
        """Sleep until woken. Where requests wait for a place, one of the sleepers looks whether somebody runs for long."""
        self.active_count -= 1
        seconds = self._running.seconds_until_free() if len(self.queue) and not self._somebody_looks else 0.0
        if seconds:
            self._somebody_looks = True
            self.queue_cv.wait(seconds)
            self._somebody_looks = False
        else:
            self.queue_cv.wait()
        self.active_count += 1

    def _end(self, taken: Taken) -> None:
        with self.lock:
            self._running.remove()
            self.queue.done(taken.lane)

    def _may_take(self) -> bool:
        return bool(self.queue) and not self._running.seconds_until_free()


def sender(task: Any) -> Sender:
    """Who sends the next request of a connection, as far as can be told before it is read."""
    headers = task.requests[0].headers if task.requests else {}
    return next(((name, headers[name]) for name in NAMES if headers.get(name)), NOBODY)
