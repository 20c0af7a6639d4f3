"""Who waits gives up its place, so that another request may run.

Python runs one thread at a time. Where many requests are under way at once, each loses its turn at every word with the
database or a socket, and changing hands costs as much as the work itself. So the server lets few of them run at once
(``service/fair_threads.py``), and whatever knows that it waits says so here. Outside the server's threads it costs nothing.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Keeper(Protocol):
    """Who lets the threads of a server run."""

    def leave(self) -> None: ...

    def come_back(self, gate: threading.Lock | None = None) -> None: ...

    def open_soon(self, gate: threading.Lock) -> None: ...

    def look(self) -> None: ...

    def let_others_first(self, seconds: float) -> None: ...


LOOK = 0.1
"""Every so many seconds who waits at a gate looks whether there is a place."""
_of_this_thread = threading.local()


def kept_by(keeper: Keeper) -> None:
    """Say who keeps this thread's place."""
    _of_this_thread.keeper = keeper


@contextmanager
def left() -> Iterator[None]:
    """Give up this thread's place while it waits. It does not queue up again to come back: it has waited already."""
    keeper: Keeper | None = getattr(_of_this_thread, "keeper", None)
    if keeper is None:
        yield
        return
    keeper.leave()
    try:
        yield
    finally:
        keeper.come_back()


class Gate:
    """Where a thread waits for another one, made by the one who will wait."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lock.acquire()
        self._keeper: Keeper | None = getattr(_of_this_thread, "keeper", None)

    def wait(self, seconds: float) -> bool:
        """Give up one's place until the gate is opened; False where that took longer than so many seconds."""
        if self._keeper is None:
            return self._lock.acquire(timeout=seconds)
        until = time.monotonic() + seconds
        self._keeper.leave()
        try:
            while not self._lock.acquire(timeout=max(0.0, min(LOOK, until - time.monotonic()))):
                if time.monotonic() >= until:
                    return False
                self._keeper.look()
            return True
        finally:
            self._keeper.come_back(self._lock)

    def open(self) -> None:
        """Let the one who waits go on now."""
        self._lock.release()

    def open_soon(self) -> None:
        """Let it go on when there is a place for it: many who all went on at once would only be in each other's way."""
        if self._keeper is None:
            self._lock.release()
        else:
            self._keeper.open_soon(self._lock)

    def is_open(self) -> bool:
        """Whether it was opened, and nobody has gone through."""
        return self._lock.acquire(blocking=False)


def let_others_first(seconds: float) -> None:
    """Let whoever could run do so first, until all of them wait or are done; no longer than so many seconds."""
    keeper: Keeper | None = getattr(_of_this_thread, "keeper", None)
    if keeper is not None:
        keeper.let_others_first(seconds)
