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

from ..outbox.rows import Row
from ..stats import Counters
from . import statements
from .statements import Dialect, dialect_of

Connect = Callable[[], Any]

_LEASE_SECONDS = 60.0
_BEYOND_ALL = 2**62


class TableSource:
    """Reads the caller's database through DB-API connections that `connect` opens."""

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
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
            claim = (self._token, now + _LEASE_SECONDS, below, now, self._token, limit)
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

    def waiting(self) -> int:
        """Return how many committed rows are not yet delivered."""
        with self._transaction() as (cursor, _):
            return _single(cursor, statements.WAITING) or 0

    def revive(self) -> int:
        """Put all dead letters back into the queue and return how many."""
        with self._transaction() as (cursor, _):
            cursor.execute(statements.REVIVE)
            return int(cursor.rowcount)

    def create_table(self) -> None:
        """Create the table if it is not there."""
        with self._transaction() as (cursor, dialect):
            cursor.execute(statements.CREATE_POSTGRESQL if dialect.postgresql else statements.CREATE_SQLITE)
            cursor.execute(statements.CREATE_INDEX)

    @staticmethod
    def _below(cursor: Any) -> int | None:
        """Return the id below which rows may go out, None if there are none.

        A cancellation waits until it is the oldest row, and holds back what came after it: even with several
        relays, nothing is undone before it was done.
        """
        head = _single(cursor, statements.HEAD)
        if head is None:
            return None
        barrier = _single(cursor, statements.FIRST_BARRIER)
        if barrier is None:
            return _BEYOND_ALL
        return barrier + 1 if barrier == head else barrier

    @contextmanager
    def _transaction(self) -> Iterator[tuple[Any, Dialect]]:
        """One short transaction on a connection of its own, so that any thread may call."""
        connection = self._connect()
        try:
            cursor = connection.cursor()
            yield cursor, dialect_of(connection)
            cursor.close()
            connection.commit()
        finally:
            connection.close()  # without a commit, this rolls back


def _single(cursor: Any, statement: str) -> int | None:
    cursor.execute(statement)
    value = cursor.fetchone()[0]
    return None if value is None else int(value)
