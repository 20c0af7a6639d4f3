"""Delivers what no living process owns: a client that has nothing of its own to send adopts and sends it."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from ..client import Client
from ..outbox import slots
from ..reports import Problem
from .files import OutboxOnDisk
from .places import bases, files_of

_LOOK_SECONDS = 0.1


def drain(path: str, table: str, url: str | None, timeout: float) -> tuple[str, bool]:
    """Return what was done, in words, and whether nothing is left to do."""
    if "://" in path:
        return _drain_table(path, table, url, timeout)
    deadline = time.monotonic() + timeout
    delivered = refused = left = 0
    for base in bases(Path(path)):
        with Client(url, outbox=base, linger=0.0, on_error=_tell) as client:
            done = _drain_files(client, base, deadline)
            stats = client.stats()
            client.close(0)
        delivered, refused, left = delivered + stats.delivered, refused + stats.dead, left + (not done)
    return f"delivered {delivered}, refused {refused}" + (", more is left" if left else ""), not left


def _drain_files(client: Client, base: Path, deadline: float) -> bool:
    while client.stats().queued or _orphans(base):
        if time.monotonic() >= deadline:
            return False
        client.flush(min(1.0, max(0.0, deadline - time.monotonic())))
        client._machinery.outbox.adopt_soon()
        time.sleep(_LOOK_SECONDS)
    return True


def _orphans(base: Path) -> bool:
    """Return whether a file that no living process owns still has rows."""
    for file in files_of(base):
        slot = slots.try_claim(file)
        if slot is not None:
            slot.release()
            if any(True for _ in OutboxOnDisk(file).waiting()):
                return True
    return False


def _drain_table(path: str, table: str, url: str | None, timeout: float) -> tuple[str, bool]:
    from sqlalchemy import create_engine

    from ..transactional.relay import Relay

    relay = Relay(create_engine(path), url, table=table, on_error=_tell)
    emptied = relay.drain(timeout)
    stats = relay.stats()
    return f"delivered {stats.delivered}, refused {stats.dead}, waiting {stats.queued}", emptied


def _tell(problem: Problem) -> None:
    print(f"afterword-outbox: {problem.code}: {problem.message}", file=sys.stderr, flush=True)
