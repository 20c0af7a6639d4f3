"""Slows the guessing of passwords down: who fails too often waits. In memory, per process, bounded.

Counted by account and address together, by address (one guess at each of many accounts) and by account (from many
addresses); the last is generous, because it lets a stranger keep the owner waiting.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import datetime, timedelta

from collector import errors
from collector.workspaces.rates import caller_at

PAIR, ADDRESS, ACCOUNT = 10, 50, 100  # failures within the window
WINDOW = timedelta(minutes=15)
REMEMBERED = 10_000


class Throttle:
    """Counts failed sign-ins; a success forgets those of this account from this address."""

    def __init__(self, remembered: int = REMEMBERED) -> None:
        self._failures: dict[str, list[datetime]] = {}
        self._remembered = remembered
        self._lock = threading.Lock()

    def check(self, email: str, address: str | None, now: datetime) -> None:
        """Raise 429 where there were too many failures of late."""
        with self._lock:
            for name, most in _limits(email, address).items():
                recent = self._recent(name, now)
                if len(recent) >= most:
                    wait = int((recent[-most] + WINDOW - now).total_seconds()) + 1
                    raise errors.TooMany(
                        "Too many failed attempts. Wait a while.", "too_many_failures", retry_after=wait
                    )

    def failed(self, email: str, address: str | None, now: datetime) -> bool:
        """Count a failure; whether it is the one after which a wait begins."""
        begins = False
        with self._lock:
            for name, most in _limits(email, address).items():
                recent = [*self._recent(name, now), now][-most:]
                begins = begins or len(recent) == most
                self._failures.pop(name, None)
                self._failures[name] = recent
            while len(self._failures) > self._remembered:
                del self._failures[next(iter(self._failures))]  # who failed longest ago
        return begins

    def succeeded(self, email: str, address: str | None) -> None:
        with self._lock:
            self._failures.pop(_pair(email, address), None)

    def _recent(self, name: str, now: datetime) -> list[datetime]:
        """Within the window; what lies ahead is of a clock that was set back since, and keeps nobody waiting for that."""
        return [at for at in self._failures.get(name, []) if now - WINDOW < at <= now]


def _limits(email: str, address: str | None) -> Mapping[str, int]:
    """What is counted -> how much of it is too much."""
    account, caller = email.strip().lower(), caller_at(address)
    limits = {_pair(email, address): PAIR, f"account {account}": ACCOUNT}
    return limits | ({f"address {caller}": ADDRESS} if caller else {})


def _pair(email: str, address: str | None) -> str:
    return f"{email.strip().lower()} from {caller_at(address) or address}"
