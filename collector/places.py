"""Who waits lets others run meanwhile.

Python runs one thread at a time. Where many requests are under way at once, each loses its turn at every word with the
database or a socket, and changing hands costs as much as the work itself. So few of them run at once, pages in threads
(``service/fair_threads.py``), calls one beside the other in the thread that reads them (``service/calls.py``), and
whatever knows that it waits says so here. Outside the server's threads it waits as any thread does.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol, TypeVar

Made = TypeVar("Made")


class Gate(Protocol):
    """Where somebody waits for another one, made by the one who will wait."""

    def wait(self, seconds: float) -> bool:
        """Wait until it is opened; False where that took longer than so many seconds."""

    def open(self) -> None:
        """Let the one who waits go on, in whatever thread this is said."""

    def is_open(self) -> bool:
        """Whether it was opened."""


class Keeper:
    """Who lets requests run: where nobody does, each has its own thread, and waits in it."""

    def leave(self) -> None:
        """This request waits: another may run."""

    def come_back(self) -> None:
        """This request goes on. It does not queue up again: it has waited already."""

    def gate(self) -> Gate:
        return _Closed(self)

    def apart(self, work: Callable[[], Made]) -> Made:
        return work()

    def let_others_first(self, _seconds: float) -> None:
        pass


_of_this_thread = threading.local()
_nobody = Keeper()


def kept_by(keeper: Keeper) -> None:
    """Say who lets this thread's requests run."""
    _of_this_thread.keeper = keeper


def _keeper() -> Keeper:
    keeper: Keeper = getattr(_of_this_thread, "keeper", _nobody)
    return keeper


@contextmanager
def left() -> Iterator[None]:
    """Give up this request's place while it waits for something that nobody here can hurry."""
    keeper = _keeper()
    keeper.leave()
    try:
        yield
    finally:
        keeper.come_back()


def gate() -> Gate:
    """A gate at which this request will wait."""
    return _keeper().gate()


def apart(work: Callable[[], Made]) -> Made:
    """What this comes to, done in a thread of its own where waiting for it would hold up others: for what may take long."""
    return _keeper().apart(work)


def let_others_first(seconds: float) -> None:
    """Let whoever is being read run first, until all of them wait or are done; no longer than so many seconds."""
    _keeper().let_others_first(seconds)


class _Closed:
    """A gate for a thread."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper, self._opened = keeper, threading.Event()

    def wait(self, seconds: float) -> bool:
        if self._opened.is_set():
            return True
        self._keeper.leave()
        try:
            return self._opened.wait(seconds)
        finally:
            self._keeper.come_back()

    def open(self) -> None:
        self._opened.set()

    def is_open(self) -> bool:
        return self._opened.is_set()
