"""A relay's table as the operator sees it."""

from __future__ import annotations

from collections.abc import Iterator

from ..outbox.rows import DeadLetter, Row
from ..transactional.source import TableSource
from .places import State


class OutboxInDatabase:
    """One table."""

    def __init__(self, source: TableSource, name: str) -> None:
        self._source = source
        self.name = name

    def state(self, now: float) -> State:
        """Return how it stands."""
        count, oldest = self._source.waiting()
        age = None if oldest is None else max(0.0, now - oldest)
        return State(self.name, "relay", count, age, self._source.count_dead(), None)

    def dead_letters(self, limit: int) -> list[DeadLetter]:
        """Return the newest dead letters first."""
        return self._source.dead_letters(limit)

    def waiting(self) -> Iterator[Row]:
        """Return the rows that wait, oldest first."""
        return self._source.all_waiting()

    def retry(self) -> tuple[int, str]:
        """Put the dead letters back into the queue."""
        return self._source.revive(), "the relay sends them"
