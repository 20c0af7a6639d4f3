"""Calls that are under way in one thread, one beside the other: who waits stands aside, and the next one runs.

Each is a greenlet: a stack of its own in the same thread, so that views are written as for a thread, and nobody changes
hands. What another thread has to tell one of them (an answer is committed) reaches its thread by ``resume``.
"""

from __future__ import annotations

import contextvars
import threading
import time
from collections import deque
from collections.abc import Callable
from math import inf
from typing import Any, TypeVar, cast

import structlog
from greenlet import getcurrent, greenlet

from collector import errors, places
from collector.service.fair_threads import FairThreads
from collector.service.reading import served

log = structlog.get_logger("collector.service")
Made = TypeVar("Made")
SPARE = 64
"""Greenlets that are kept for the next calls."""
LOOK = 0.5
"""Every so many seconds it is looked whether somebody has waited for too long."""


class Calls(places.Keeper):
    """The calls of one thread; made in that thread, and asked by no other one but where it says so."""

    def __init__(self, wake: Callable[[], None], threads: FairThreads) -> None:
        """``wake`` makes this thread look at ``has_work``; ``threads`` do what takes long."""
        self._wake, self._threads = wake, threads
        self._thread, self._main = threading.get_ident(), getcurrent()
        self._spare: list[greenlet] = []
        self._ready: deque[greenlet] = deque()
        self._last: deque[tuple[float, greenlet]] = deque()
        self._stops: dict[Stop, float] = {}
        self._looks_next = 0.0

    def begin(self, task: Any) -> None:
        """Serve a request until it is done or waits."""
        if not self._spare:
            greenlet(self._serve, self._main).switch()
        self._spare.pop().switch(task)

    @property
    def has_work(self) -> bool:
        """Whether somebody could go on now; may be asked in any thread."""
        return bool(self._ready)

    @property
    def has_last(self) -> bool:
        """Whether somebody waits for all others to go first."""
        return bool(self._last)

    @property
    def seconds_to_rest(self) -> float | None:
        """How long this thread may sleep if nobody wakes it; None: until somebody does."""
        return LOOK if self._stops else None

    def go_on(self) -> bool:
        """Let one of those go on whose wait is over; whether there was one."""
        if not self._ready:
            return False
        self._ready.popleft().switch()
        return True

    def let_last_go(self, all_of_them: bool) -> None:
        """Let those go on who have let others first: where there are no others, else those who have waited long enough."""
        now = time.monotonic()
        while self._last and (all_of_them or self._last[0][0] <= now):
            self._last.popleft()[1].switch()

    def look(self) -> None:
        """Let those go on who have waited for too long."""
        now = time.monotonic()
        if now < self._looks_next:
            return
        self._looks_next = now + LOOK
        for stop in [stop for stop, until in self._stops.items() if until <= now]:
            stop.release()

    def resume(self, call: greenlet) -> None:
        """Let a call go on soon; in any thread."""
        self._ready.append(call)
        if threading.get_ident() != self._thread:
            self._wake()

    def gate(self) -> Stop:
        return Stop(self)

    def apart(self, work: Callable[[], Made]) -> Made:
        errand = _Errand(work, self.gate())
        self._threads.add_task(errand)
        errand.done.wait(inf)
        if errand.error is not None:
            raise errand.error
        return cast(Made, errand.made)

    def let_others_first(self, seconds: float) -> None:
        self._last.append((time.monotonic() + seconds, getcurrent()))
        self._main.switch()

    def stand_aside(self, stop: Stop, seconds: float) -> None:
        """Let others run until ``stop`` is released; in the call that waits there."""
        self._stops[stop] = time.monotonic() + seconds
        self._main.switch()
        del self._stops[stop]

    def _serve(self) -> None:
        """One greenlet's life: request after request, while there are not too many to be kept."""
        while len(self._spare) < SPARE:
            self._spare.append(getcurrent())
            task = self._main.switch()
            try:
                task.service()
            except BaseException:
                log.exception("unexpected_error")
            task = None  # nothing of it is kept by who waits for the next


class Stop:
    """Where a call waits: a gate for a greenlet."""

    def __init__(self, calls: Calls) -> None:
        self._calls, self._call = calls, getcurrent()
        self._lock = threading.Lock()
        self._is_open = self._waits = False

    def wait(self, seconds: float) -> bool:
        with self._lock:
            if self._is_open:
                return True
            self._waits = True
        self._calls.stand_aside(self, seconds)
        return self._is_open

    def open(self) -> None:
        with self._lock:
            self._is_open = True
        self.release()

    def is_open(self) -> bool:
        return self._is_open

    def release(self) -> None:
        """Let the call go on, open or not; but once."""
        with self._lock:
            waited, self._waits = self._waits, False
        if waited:
            self._calls.resume(self._call)


class _Errand:
    """Work for one of the server's threads, in the turn of whoever sent the call that it belongs to."""

    def __init__(self, work: Callable[[], Any], done: places.Gate) -> None:
        self._work, self._context, self.done = work, contextvars.copy_context(), done
        self.requests = getattr(served.get(None), "requests", ())
        self.made: Any = None
        self.error: BaseException | None = None

    def service(self) -> None:
        try:
            self.made = self._context.run(self._work)
        except BaseException as error:
            self.error = error
        self.done.open()

    def cancel(self) -> None:
        """The server ends before this was begun."""
        self.error = errors.Unavailable("This took too long to be written. Try again.", retry_after=1)
        self.done.open()
