"""How often one caller may call: in memory, per process, bounded, and no write anywhere. Pure but for its own memory.

The generic cell rate algorithm (ITU-T I.371): of each caller one number is kept, the time when its burst is whole
again. A call that would move it too far ahead waits.
"""

from __future__ import annotations

import ipaddress
import threading
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from math import ceil

REMEMBERED = 100_000


@dataclass(frozen=True)
class Rate:
    """``burst`` calls at once, then ``per_second``."""

    name: str
    burst: int
    per_second: float


class Rates:
    """Who has called how often of late."""

    def __init__(self, remembered: int = REMEMBERED) -> None:
        self._whole_at: dict[tuple[str, str], float] = {}
        self._remembered = remembered
        self._lock = threading.Lock()

    def take(self, rate: Rate, caller: str, now: datetime) -> int:
        """Count one call; 0 where it may pass, else (and then it is not counted) the seconds to wait, at least 1."""
        at, key = now.timestamp(), (rate.name, caller)
        with self._lock:
            kept, furthest = self._whole_at.get(key, at), rate.burst / rate.per_second
            if kept > at + furthest + 1e-6:  # further than calls can move it: the clock was set back
                kept = at
            whole_at = max(kept, at) + 1 / rate.per_second
            wait = whole_at - at - furthest
            if wait > 1e-6:
                return ceil(wait)
            if key not in self._whole_at:
                self._make_room(at)
            self._whole_at[key] = whole_at
            return 0

    def _make_room(self, at: float) -> None:
        """Forget who has been quiet; where nobody has, everyone: memory is bounded before anything else."""
        if len(self._whole_at) >= self._remembered:
            self._whole_at = {key: whole_at for key, whole_at in self._whole_at.items() if whole_at > at}
        if len(self._whole_at) >= self._remembered:
            self._whole_at.clear()


@lru_cache(maxsize=4096)
def caller_at(address: str | None) -> str | None:
    """The caller behind an address: of IPv6 the network, since a household has 2^64 addresses of it.

    None for addresses that are not on the internet: a proxy that nobody declared would stand for all customers.
    """
    try:
        found = ipaddress.ip_address((address or "").partition("%")[0])
    except ValueError:
        return None
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    if not found.is_global:
        return None
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    return str(ipaddress.ip_network((found, 64), strict=False))
