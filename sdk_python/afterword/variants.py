"""Which variant of a community run a customer sees: computed here, the same as the collector computes it (wire.md).

Loaded by the first call of `load_runs` or `variant`.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, Callable, NamedTuple

from .decisions import fetch
from .delivery.transport import Transport

_DENOMINATOR = 2**56


class Run(NamedTuple):
    """A run as far as its variants go: the sample (0 to 1), variants with their shares, its window in Unix seconds."""

    sample: float
    variants: tuple[tuple[str, float], ...]
    starts_at: float | None
    ends_at: float | None


def fetch_runs(connect: Callable[[], Transport]) -> list[Mapping[str, Any]]:
    """Return the running runs with variants, as the collector tells them."""
    transport = connect()
    try:
        return list(fetch(transport, "/api/v1/assignments", "runs")["runs"])
    finally:
        transport.close()


def read_runs(told: Iterable[Mapping[str, Any]]) -> dict[str, Run]:
    """Return runs by key."""
    return {
        str(run["run"]): Run(
            float(run["sample"]),
            tuple((str(each["key"]), float(each["share"])) for each in run["variants"]),
            _seconds(run.get("from")),
            _seconds(run.get("to")),
        )
        for run in told
    }


def variant(run: Run, key: str, pseudonym: str, now: float | None = None) -> str | None:
    """Return the variant that a customer sees; None outside the run's window or sample."""
    at = time.time() if now is None else now
    if (run.starts_at is not None and at < run.starts_at) or (run.ends_at is not None and at >= run.ends_at):
        return None
    if not run.variants or _draw("run", key, pseudonym) >= run.sample:
        return None
    place, end = _draw("variant", key, pseudonym) * _total(run), 0.0
    for name, share in run.variants:
        end += share
        if place < end:
            return name
    return run.variants[-1][0]


def _total(run: Run) -> float:
    total = 0.0
    for _, share in run.variants:  # in this order, as the collector adds them
        total += share
    return total


def _draw(what: str, key: str, pseudonym: str) -> float:
    digest = sha256(f"afterword/{what}/v1\0{key}\0{pseudonym}".encode()).digest()
    return int.from_bytes(digest[:7], "big") / _DENOMINATOR


def _seconds(moment: str | None) -> float | None:
    return datetime.fromisoformat(moment.replace("Z", "+00:00")).timestamp() if moment else None
