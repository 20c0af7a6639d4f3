"""The bounded queue in memory: the choice of `outbox=None`, and the refuge when the file cannot be written."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import islice

from .rows import Row


class MemoryQueue:
    """Rows by sequence number, limited by count and bytes. Not locked: `Outbox` holds the lock."""

    def __init__(self, limit: int, max_bytes: int) -> None:
        self._limit = limit
        self._max_bytes = max_bytes
        self._bytes = 0
        self._rows: dict[int, Row] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def put(self, row: Row) -> bool:
        """Append a row; False if there is no room."""
        if len(self._rows) >= self._limit or self._bytes + len(row.body) > self._max_bytes:
            return False
        self._rows[row.seq] = row
        self._bytes += len(row.body)
        return True

    def put_in_front(self, rows: Sequence[Row]) -> int:
        """Take in rows that may be older than those here, as far as there is room; return how many."""
        count = sum(self.put(row) for row in rows)
        self._rows = dict(sorted(self._rows.items()))
        return count

    def head(self, limit: int) -> list[Row]:
        """Return up to `limit` of the oldest rows."""
        return list(islice(self._rows.values(), limit))

    def remove(self, rows: Collection[Row]) -> list[Row]:
        """Forget rows and return those that were not here."""
        if not self._rows:
            return list(rows)
        strangers = []
        for row in rows:
            if self._rows.pop(row.seq, None) is None:
                strangers.append(row)
            else:
                self._bytes -= len(row.body)
        return strangers

    def drain(self) -> list[Row]:
        """Return everything and be empty."""
        rows = list(self._rows.values())
        self._rows.clear()
        self._bytes = 0
        return rows
