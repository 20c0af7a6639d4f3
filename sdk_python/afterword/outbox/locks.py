"""Re-entrant locks, asked whose they are: an exception from a signal handler may come between any two steps."""

from __future__ import annotations

from typing import Any


def is_mine(lock: Any) -> bool:
    """Return whether this thread holds a lock, as `threading.Condition` asks."""
    return bool(lock._is_owned())


def release_mine(*locks: Any) -> None:
    """Release what this thread holds of these."""
    for lock in locks:
        if is_mine(lock):
            lock.release()
