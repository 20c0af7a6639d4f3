"""Slows the guessing of passwords down: after ten failures an address waits. In memory, per process, bounded."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

from collector import errors

MOST = 10
WINDOW = timedelta(minutes=15)
REMEMBERED = 10_000


class Throttle:
    """Counts failures by name; a success forgets them."""

    def __init__(self) -> None:
        self._failures: dict[str, list[datetime]] = {}
        self._lock = threading.Lock()

    def check(self, name: str, now: datetime) -> None:
        """Raise 429 where a name has failed too often of late."""
        with self._lock:
            recent = self._recent(name, now)
            if len(recent) >= MOST:
                wait = int((recent[0] + WINDOW - now).total_seconds()) + 1
                raise errors.TooMany(
                    "Too many failed attempts. Wait a while.", "too_many_failures", retry_after=wait
                )

    def failed(self, name: str, now: datetime) -> None:
        with self._lock:
            if len(self._failures) >= REMEMBERED:
                self._failures.clear()
            self._failures[name] = [*self._recent(name, now), now]

    def succeeded(self, name: str) -> None:
        with self._lock:
            self._failures.pop(name, None)

    def _recent(self, name: str, now: datetime) -> list[datetime]:
        return [at for at in self._failures.get(name, []) if at > now - WINDOW]
