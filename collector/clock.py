"""Time, randomness and identifiers come from here, so that every test can say what time it is."""

from __future__ import annotations

import os
import secrets
import threading
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]
"""Answers "what time is it?" with an aware UTC datetime."""


def system_clock() -> datetime:
    """The machine's time, aware, in UTC."""
    return datetime.now(UTC)


def iso(at: datetime, timespec: str = "auto") -> str:
    """A time as the wire, the exports and stored documents have it: RFC 3339 in UTC, ``2026-11-21T10:00:00Z``."""
    return at.astimezone(UTC).isoformat(timespec=timespec).replace("+00:00", "Z")


class FixedClock:
    """A clock that stands still until it is moved; for tests, replays and the demo's past."""

    def __init__(self, start: datetime | None = None) -> None:
        self.time = start or datetime(2026, 11, 2, 10, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def move(self, **delta: float) -> datetime:
        """Move by ``timedelta`` keywords (``days=2``, ``seconds=-3``) and return the new time."""
        self.time += timedelta(**delta)
        return self.time


_last = 0
_lock = threading.Lock()


def new_id() -> uuid.UUID:
    """A UUID version 7 (RFC 9562): sorts by the time it was made, also within one millisecond of a process."""
    global _last
    with _lock:
        _last = max(time.time_ns() // 1_000_000 << 12, _last + 1)
        stamp = _last
    value = (stamp >> 12) << 80 | 0x7 << 76 | (stamp & 0xFFF) << 64
    return uuid.UUID(int=value | 0b10 << 62 | int.from_bytes(os.urandom(8), "big") >> 2)


def new_secret(size: int = 32) -> bytes:
    """Random bytes fit for keys."""
    return secrets.token_bytes(size)
