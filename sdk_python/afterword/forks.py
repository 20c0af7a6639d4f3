"""Keeps clients whole over `os.fork()`: the child begins empty, the parent notices nothing.

Several threads may fork at once, so what a fork has brought to rest is known to the forking thread alone: no thread
ends a rest that another one began.
"""

from __future__ import annotations

import os
import threading
import weakref
from typing import Protocol


class Forkable(Protocol):
    """Something with threads, locks and files, which must not be shared with a child."""

    def before_fork(self) -> None:
        """Bring everything to rest, within a bounded time."""

    def after_fork_in_parent(self) -> None:
        """Go on, whether or not the rest was reached."""

    def after_fork_in_child(self) -> None:
        """Forget the parent's threads, locks and files."""


class _Forks(threading.local):
    """The forks that this thread is in the middle of: a signal handler may fork within a fork."""

    def __init__(self) -> None:
        self.at_rest: list[list[Forkable]] = []


_known: list[
    weakref.ref[Forkable]
] = []  # a list, in one order: two threads never wait for each other crosswise
_registered = threading.Lock()
_mine = _Forks()


def keep_whole(client: Forkable) -> None:
    """Look after a client at each fork; the handlers are registered with the first one, not at import."""
    if _registered.acquire(blocking=False) and hasattr(os, "register_at_fork"):
        os.register_at_fork(before=_before, after_in_parent=_in_parent, after_in_child=_in_child)
    _known.append(weakref.ref(client, _known.remove))


def _living() -> list[Forkable]:
    return [client for known in _known.copy() if (client := known()) is not None]


def _before() -> None:
    rest: list[Forkable] = []
    _mine.at_rest.append(rest)
    for client in _living():
        rest.append(client)  # before it rests: an exception in between must not leave it resting for ever
        client.before_fork()


def _in_parent() -> None:
    for client in reversed(_mine.at_rest.pop()):
        client.after_fork_in_parent()


def _in_child() -> None:
    _mine.at_rest.clear()
    for client in _living():  # all of them: a server that forks in C may call this handler alone
        client.after_fork_in_child()
