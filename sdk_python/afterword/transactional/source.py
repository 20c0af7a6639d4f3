"""The table as a source of rows (`outbox.rows.Source`): claimed for a minute, sent, deleted.

Several relays may run at once: a claim is atomic and ends by itself when its relay dies. Should a lease run out
while its relay is only slow, rows go out twice under the same ids, which the collector knows.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Callable

from ..outbox.rows import DeadLetter, Row
from ..stats import Counters
from .statements import DEFAULT, Dialect, Table, dialect_of

Connect = Callable[[], Any]

_LEASE_SECONDS = 60.0
_SKEW_SECONDS = 300.0  # by so much the clocks of two hosts may differ
_BEYOND_ALL = 2**62


class TableSource:
    """Reads the caller's database through DB-API connections that `connect` opens."""

    def __init__(self, connect: Connect, table: Table = DEFAULT) -> None:
        self._connect = connect
        self._table = table
        self._token = str(uuid.uuid4())
        self.counters = Counters()

    def take(self, limit: int) -> Sequence[Row]:
        """Claim and return the oldest rows; those that this relay holds already come again.

        A cancellation may be committed between the look and the claim: the second look keeps it back, claimed,
        until what it undoes is through.
        """
        with self._transaction() as (cursor, dialect):
            below = self._below(cursor)
            if below is None:  # a look at an empty table writes nothing
                return []
            now = time.time()
            lease_end = now + _LEASE_SECONDS
            claim = (self._token, lease_end, below, now, lease_end + _SKEW_SECONDS, self._token, limit)
            cursor.execute(dialect.claim(), claim)
            cursor.execute(dialect.claimed(), (self._token,))
            rows = [Row(*values) for values in cursor.fetchall()]
            below = self._below(cursor) or 0
            return [row for row in rows if row.seq < below][:limit]

    def delivered(self, rows: Sequence[Row]) -> None:
        """Delete rows: the collector has them."""
        with self._transaction() as (cursor, dialect):
            cursor.execute(dialect.delete(len(rows)), [row.seq for row in rows])
        self.counters.delivered += len(rows)

    def dead(self, refused: dict[Row, str], status: int) -> None:
        """Mark rows as dead letters, each with the server's reason; they stay in the table."""
        now = time.time()
        with self._transaction() as (cursor, dialect):
            for row, reason in refused.items():
                cursor.execute(dialect.bury(), (now, status, reason, row.seq))
        self.counters.dead += len(refused)

    def retried(self, count: int) -> None:
        """Count rows that have to be sent once more."""
        self.counters.retried += count

    def tend(self, *, idle: bool) -> None:
        """Nothing to do: the database keeps house itself."""

    def waiting(self) -> tuple[int, float | None]:
        """Return how many committed rows are not yet delivered, and when the oldest came in (Unix seconds)."""
        with self._transaction() as (cursor, dialect):
            cursor.execute(dialect.table.waiting())
            count, oldest = cursor.fetchone()
            return int(count), None if oldest is None else float(oldest)

    def all_waiting(self) -> Iterator[Row]:
        """Return the rows that are not yet delivered, oldest first."""
        with self._transaction() as (cursor, dialect):
            cursor.execute(dialect.table.all_waiting())
            for values in cursor:
                yield Row(*values)

    def count_dead(self) -> int:
        """Return how many dead letters there are."""
        with self._transaction() as (cursor, dialect):
            return _single(cursor, dialect.table.count_dead()) or 0

    def dead_letters(self, limit: int) -> list[DeadLetter]:
        """Return the newest dead letters first."""
        with self._transaction() as (cursor, dialect):
            cursor.execute(dialect.dead_letters(), (limit,))
            return [DeadLetter(*values) for values in cursor.fetchall()]

    def revive(self) -> int:
        """Put all dead letters back into the queue and return how many."""
        with self._transaction() as (cursor, dialect):
            cursor.execute(dialect.table.revive())
            return int(cursor.rowcount)

    def purge(self, before: float) -> int:
        """Delete the dead letters from before a time (Unix seconds) and return how many."""
        with self._transaction() as (cursor, dialect):
            cursor.execute(dialect.purge(), (before,))
            return int(cursor.rowcount)

    def create_table(self) -> None:
        """Create table and indexes if they are not there."""
        with self._transaction() as (cursor, dialect):
            for statement in dialect.table.create(dialect.postgresql):
                cursor.execute(statement)

    def _below(self, cursor: Any) -> int | None:
        """Return the id below which rows may go out, None if there are none.

        A cancellation waits until it is the oldest row, and holds back what came after it: even with several
        relays, nothing is undone before it was done.
        """
        head = _single(cursor, self._table.head())
        if head is None:
            return None
        barrier = _single(cursor, self._table.first_barrier())
        if barrier is None:
            return _BEYOND_ALL
        return barrier + 1 if barrier == head else barrier

    @contextmanager
    def _transaction(self) -> Iterator[tuple[Any, Dialect]]:
        """One short transaction on a connection of its own, so that any thread may call."""
        connection = self._connect()
        try:
            cursor = connection.cursor()
            yield cursor, dialect_of(connection, self._table)
            cursor.close()
            connection.commit()
        finally:
            connection.close()  # without a commit, this rolls back


def _single(cursor: Any, statement: str) -> int | None:
    cursor.execute(statement)
    value = cursor.fetchone()[0]
    return None if value is None else int(value)
