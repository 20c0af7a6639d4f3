"""Who waits gives up its place, so that another request may run.

Python runs one thread at a time. Where many requests are under way at once, each loses its turn at every word with the
database or a socket, and changing hands costs as much as the work itself. So the server lets few of them run at once
(``service/fair_threads.py``), and whatever knows that it waits says so here. Outside the server's threads it costs nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Keeper(Protocol):
    """Who lets the threads of a server run."""

    def leave(self) -> None: ...

    def come_back(self) -> None: ...

    def let_others_first(self, seconds: float) -> None: ...


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


def let_others_first(seconds: float) -> None:
    """Let whoever could run do so first, until all of them wait or are done; no longer than so many seconds."""
    keeper: Keeper | None = getattr(_of_this_thread, "keeper", None)
    if keeper is not None:
        keeper.let_others_first(seconds)
