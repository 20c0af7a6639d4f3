"""Keeps clients whole over `os.fork()`: the child begins empty, the parent notices nothing."""

from __future__ import annotations

import os
import threading
import weakref
from typing import Protocol


class Forkable(Protocol):
    """Something with threads, locks and files, which must not be shared with a child."""

    def before_fork(self) -> None:
        """Bring everything to rest."""

    def after_fork_in_parent(self) -> None:
        """Go on."""

    def after_fork_in_child(self) -> None:
        """Forget the parent's threads, locks and files."""


_known: weakref.WeakSet[Forkable] = weakref.WeakSet()
_at_rest: list[Forkable] = []
_registered = threading.Lock()


def keep_whole(client: Forkable) -> None:
    """Look after a client at each fork; the handlers are registered with the first one, not at import."""
    if _registered.acquire(blocking=False) and hasattr(os, "register_at_fork"):
        os.register_at_fork(before=_before, after_in_parent=_in_parent, after_in_child=_in_child)
    _known.add(client)


def _before() -> None:
    for client in list(_known):
        client.before_fork()
        _at_rest.append(client)


def _in_parent() -> None:
    while _at_rest:
        _at_rest.pop().after_fork_in_parent()


def _in_child() -> None:
    _at_rest.clear()
    for client in list(_known):  # all of them: a server that forks in C may call this handler alone
        client.after_fork_in_child()
