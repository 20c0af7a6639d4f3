"""What happened to everything that was handed over; the sums must always come out even."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Stats(NamedTuple):
    """A snapshot of this process since it started (or was forked).

    accepted + adopted == delivered + dead + sum(dropped.values()) + queued
    """

    accepted: int
    """Calls that returned: triggers, interactions, cancellations, erasures."""
    adopted: int
    """Rows taken over from processes that died, or put back from the dead letters."""
    delivered: int
    retried: int
    """Rows sent once more, counted each time."""
    dead: int
    dropped: Mapping[str, int]
    """By reason: `memory_full`, `outbox_corrupt`."""
    queued: int
    queued_in_memory: int
    """The part of `queued` that would not survive a crash."""
    oldest_age: float | None
    """Seconds since the row at the head came in; None if nothing waits."""
    dead_cut: int = 0
    """Dead letters that are no longer kept: the newest hundred thousand are, a hundred without a file."""
    states: tuple[str, ...] = ()
    """What is wrong at this moment, by the codes of `Problem`: `not_delivered`, `held`, `outbox_unavailable`, ..."""
    restarts: int = 0
    """How often the delivery had to begin anew: a host's hook or handler ended it."""


class Counters:
    """The running counts behind `Stats`; guarded by the lock of the outbox."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Start at zero, as a forked child does."""
        self.accepted = self.adopted = self.delivered = self.retried = self.dead = self.dead_cut = 0
        self.dropped: dict[str, int] = {}

    def drop(self, reason: str, count: int = 1) -> None:
        """Count rows that are lost, and why."""
        if count:
            self.dropped[reason] = self.dropped.get(reason, 0) + count

    def snapshot(
        self,
        *,
        queued: int,
        queued_in_memory: int,
        oldest_age: float | None,
        states: tuple[str, ...],
        restarts: int,
    ) -> Stats:
        """Return the counts, and what waits at this moment."""
        return Stats(
            accepted=self.accepted,
            adopted=self.adopted,
            delivered=self.delivered,
            retried=self.retried,
            dead=self.dead,
            dropped=dict(self.dropped),
            queued=queued,
            queued_in_memory=queued_in_memory,
            oldest_age=oldest_age,
            dead_cut=self.dead_cut,
            states=states,
            restarts=restarts,
        )
