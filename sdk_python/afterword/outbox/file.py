"""One SQLite file, one connection.

The WAL-reset bug of SQLite before 3.51.3 needs two connections, one of which checkpoints while the other commits.
Here is only one, under the lock of `Outbox`, so the bug cannot happen whatever SQLite the host has.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from .rows import DeadLetter, DeadRow, Row

_VERSION = 1
_PAGE_BYTES = 4096
_DEAD_KEPT = 100_000
_BUSY_SECONDS = 0.05  # somebody else, such as a backup, has the file: better into memory than wait

_SCHEMA = f"""
BEGIN;
CREATE TABLE IF NOT EXISTS outbox (
    seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS dead_letters (
    seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL,
    at REAL NOT NULL, status INTEGER NOT NULL, reason TEXT NOT NULL, failed_at REAL NOT NULL);
PRAGMA user_version = {_VERSION};
COMMIT;
"""
_HEAD = "SELECT seq, kind, id, body, at FROM outbox ORDER BY seq LIMIT ?"
_HEAD_AS_COLUMNS = f"""
SELECT group_concat(seq, char(31)), group_concat(kind, char(31)), group_concat(id, char(31)),
    group_concat(body, char(31)), group_concat(at, char(31)) FROM ({_HEAD})"""
_INSERT = "INSERT INTO outbox (seq, kind, id, body, at) VALUES (?, ?, ?, ?, ?)"
_BURY = """
INSERT INTO dead_letters (kind, id, body, at, status, reason, failed_at) VALUES (?, ?, ?, ?, ?, ?, ?)"""
_STRIKE_OFF = "DELETE FROM outbox WHERE seq BETWEEN ? AND ?"
_INSERT_NEW = _INSERT.replace("INSERT", "INSERT OR IGNORE", 1)


class NewerFile(Exception):
    """The file was written by a later version of the SDK: leave it alone."""


def _make_private(path: Path) -> None:
    """Make a new file readable by its owner only; SQLite makes the log beside it with the same mode."""
    with suppress(OSError):  # SQLite says better what is wrong with the place
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


class OutboxFile:
    """The rows of one process on disk. Not locked: `Outbox` holds the lock."""

    def __init__(self, path: Path, *, synchronous: str, max_bytes: int) -> None:
        self.path = path
        _make_private(path)
        self._connection = sqlite3.connect(
            path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            self._prepare(synchronous, max_bytes)
        except BaseException:
            self._connection.close()
            raise

    def _prepare(self, synchronous: str, max_bytes: int) -> None:
        run = self._connection.execute
        if run("PRAGMA user_version").fetchone()[0] > _VERSION:
            raise NewerFile(str(self.path))
        run("PRAGMA journal_mode = WAL")
        run(f"PRAGMA synchronous = {synchronous}")
        run("PRAGMA wal_autocheckpoint = 0")  # an automatic checkpoint would run in the caller's thread
        run(f"PRAGMA max_page_count = {max(max_bytes // _PAGE_BYTES, 16)}")
        self._connection.executescript(_SCHEMA)

    def put(self, row: Row) -> int:
        """Commit one row and return how many that were: 1."""
        self._connection.execute(_INSERT, row)
        return 1

    def put_many(self, rows: Sequence[Row]) -> int:
        """Commit rows, all or none, and return how many are new: one whose commit seemed to fail may be there."""
        with self._transaction():
            added = self._connection.executemany(_INSERT_NEW, rows)
            return max(added.rowcount, 0)

    def head(self, limit: int) -> list[Row]:
        """Return up to `limit` of the oldest rows.

        As five texts, with a separator that neither a checked id nor JSON can hold: `sqlite3` gives up the interpreter's
        lock for each row that it fetches, and five hundred fights for it with a busy host cost more than the rest of
        a delivery.
        """
        found = self._connection.execute(_HEAD_AS_COLUMNS, (limit,)).fetchone()
        if found[0] is None:
            return []
        columns = [column.split("\x1f") for column in found]
        return sorted(
            Row(int(seq), kind, name, body, float(at)) for seq, kind, name, body, at in zip(*columns)
        )

    def tail(self, limit: int) -> list[Row]:
        """Return up to `limit` of the newest rows, oldest first."""
        found = self._connection.execute(
            "SELECT seq, kind, id, body, at FROM outbox ORDER BY seq DESC LIMIT ?", (limit,)
        )
        return [Row(*values) for values in reversed(found.fetchall())]

    def remove(self, seqs: Sequence[int]) -> int:
        """Strike rows off by their numbers, all or none, and return how many there were."""
        runs = list(_runs(seqs))
        if len(runs) == 1:  # as a rule: one statement is a transaction of its own
            return max(self._connection.execute(_STRIKE_OFF, runs[0]).rowcount, 0)
        with self._transaction():
            return self._strike_off(runs)

    def bury(self, refused: dict[Row, str], status: int) -> int:
        """Move rows to the dead letters and return how many there were: what is not here is another owner's."""
        now = time.time()
        with self._transaction():
            here = {row: why for row, why in refused.items() if self._strike_off([(row.seq, row.seq)])}
            dead = [
                DeadRow(0, row.kind, row.id, row.body, row.at, status, why, now) for row, why in here.items()
            ]
            self._connection.executemany(_BURY, [row[1:] for row in dead])
        return len(dead)

    def trim_dead(self) -> int:
        """Keep the newest hundred thousand dead letters and return how many had to go."""
        oldest_kept = "(SELECT max(seq) FROM dead_letters) - ?"
        found = self._connection.execute(
            f"DELETE FROM dead_letters WHERE seq <= {oldest_kept}", (_DEAD_KEPT,)
        )
        return max(found.rowcount, 0)

    def dead_rows(self, limit: int) -> list[DeadRow]:
        """Return up to `limit` of the oldest dead letters whole, for another file."""
        found = self._connection.execute(
            "SELECT seq, kind, id, body, at, status, reason, failed_at FROM dead_letters ORDER BY seq LIMIT ?",
            (limit,),
        )
        return [DeadRow(*values) for values in found.fetchall()]

    def add_dead(self, rows: Sequence[DeadRow]) -> int:
        """Take dead letters over from another file and return how many."""
        with self._transaction():
            self._connection.executemany(_BURY, [row[1:] for row in rows])
        return len(rows)

    def remove_dead(self, up_to: int) -> None:
        """Forget the dead letters up to a number: another file has them."""
        self._connection.execute("DELETE FROM dead_letters WHERE seq <= ?", (up_to,))

    def dead_letters(self, limit: int) -> list[DeadLetter]:
        """Return the newest dead letters first."""
        found = self._connection.execute(
            "SELECT kind, id, body, status, reason, failed_at FROM dead_letters ORDER BY seq DESC LIMIT ?",
            (limit,),
        )
        return [DeadLetter(*values) for values in found.fetchall()]

    def revive(self, first_seq: int) -> int:
        """Put all dead letters back into the queue from `first_seq` on and return how many."""
        with self._transaction():
            dead = self._connection.execute(
                "SELECT kind, id, body, at FROM dead_letters ORDER BY seq"
            ).fetchall()
            rows = [(first_seq + offset, *values) for offset, values in enumerate(dead)]
            self._connection.executemany(_INSERT, rows)
            self._connection.execute("DELETE FROM dead_letters")
        return len(rows)

    def count(self) -> int:
        """Return the number of rows."""
        return int(self._connection.execute("SELECT count(*) FROM outbox").fetchone()[0])

    def first_seq(self) -> int:
        """Return the smallest number in use; 0 if there is none."""
        return int(self._connection.execute("SELECT ifnull(min(seq), 0) FROM outbox").fetchone()[0])

    def last_seq(self) -> int:
        """Return the greatest number in use; 0 if there is none."""
        return int(self._connection.execute("SELECT ifnull(max(seq), 0) FROM outbox").fetchone()[0])

    def wal_bytes(self) -> int:
        """Return the size of the write-ahead log."""
        try:
            return self.path.with_name(self.path.name + "-wal").stat().st_size
        except FileNotFoundError:
            return 0

    def checkpoint(self) -> None:
        """Move the write-ahead log into the file and start it afresh."""
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        """Close the file; SQLite checkpoints as it goes."""
        self._connection.close()

    def _transaction(self) -> _Transaction:
        return _Transaction(self._connection)

    def _strike_off(self, runs: Sequence[tuple[int, int]]) -> int:
        return max(self._connection.executemany(_STRIKE_OFF, runs).rowcount, 0)


def _runs(seqs: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield (first, last) of each unbroken run: one statement instead of five hundred."""
    first = last = None
    for seq in sorted(seqs):
        if first is None or last is None:
            first = seq
        elif seq != last + 1:
            yield first, last
            first = seq
        last = seq
    if first is not None and last is not None:
        yield first, last


class _Transaction:
    """BEGIN IMMEDIATE ... COMMIT, and a ROLLBACK that does not hide the first error."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __enter__(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            try:
                self._connection.execute("COMMIT")
                return
            except sqlite3.Error:
                self._roll_back()
                raise
        self._roll_back()

    def _roll_back(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")
