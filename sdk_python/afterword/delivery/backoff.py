"""How long to wait: pure."""

from __future__ import annotations

import os
from email.utils import parsedate_to_datetime
from typing import Callable

_FIRST_SECONDS = 0.5
_MOST_SECONDS = 30.0
_LONGEST_RETRY_AFTER = 3_600.0


def chance() -> float:
    """Return a random number in [0, 1) from the operating system.

    Not from `random`: a host that seeds it would send its whole fleet back at the same moment, and would find its own
    reproducible sequence disturbed by ours.
    """
    return int.from_bytes(os.urandom(6), "big") / 2.0**48


def full_jitter(failures: int, random: Callable[[], float]) -> float:
    """Return seconds to wait after the n-th failure in a row: uniform between 0 and 0.5 * 2**n, at most 30.

    "Exponential Backoff and Jitter", AWS Architecture Blog, 2015: full jitter spreads a herd of clients best.
    """
    return random() * min(_MOST_SECONDS, _FIRST_SECONDS * 2.0 ** min(failures, 16))


def retry_after(header: str | None, now: float) -> float:
    """Return the seconds that a `Retry-After` header asks for (RFC 9110, 10.2.3), at most an hour; 0 without one."""
    if header is None:
        return 0.0
    text = header.strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), _LONGEST_RETRY_AFTER)
    try:
        wait = parsedate_to_datetime(text).timestamp() - now
    except (TypeError, ValueError, OverflowError):
        return 0.0
    return min(max(wait, 0.0), _LONGEST_RETRY_AFTER)
