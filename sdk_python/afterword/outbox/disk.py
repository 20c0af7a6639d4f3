"""The file and its troubles: full, read-only, corrupt, gone. Nothing here raises; False and [] mean "not now"."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Callable, TypeVar

from ..reports import Problem, Reporter
from ..stats import Counters
from . import slots
from .file import NewerFile, OutboxFile
from .memory import MemoryQueue
from .rows import DeadLetter, Row

_RETRY_SECONDS = 1.0
_WAL_IDLE_BYTES = 4 << 20
_WAL_BUSY_BYTES = 64 << 20
_COPIES, _COPIES_BYTES = 2_000, 2 << 20
_ERRORS = (sqlite3.Error, OSError, NewerFile)

_abandoned: list[OutboxFile] = []
"""Connections inherited by a fork: closing one in the child would pull the log away from under the parent."""

Result = TypeVar("Result")


class Disk:
    """The outbox file of this process, opened when first needed. Not locked: `Outbox` holds the lock."""

    def __init__(
        self,
        base: Path,
        *,
        synchronous: str,
        max_bytes: int,
        refuge: MemoryQueue,
        counters: Counters,
        reporter: Reporter,
    ) -> None:
        self._base = base
        self._refuge = refuge
        self._synchronous = synchronous
        self._max_bytes = max_bytes
        self._counters = counters
        self._reporter = reporter
        self._begin()

    def _begin(self) -> None:
        self._slot: slots.Slot | None = None
        self._avoided: list[slots.Slot] = []
        self._file: OutboxFile | None = None
        self._rows = 0
        # rows of the file that we still know by heart: if they are as many as the file has, they are the file's
        self._copies = MemoryQueue(_COPIES, _COPIES_BYTES)
        self._owed: set[int] = set()  # settled, but the disk would not let us strike them off
        self._retry_at = 0.0
        self.floor = 0
        """The greatest number that the file had when it was opened: a clock that was set back must not go below."""

    # --- rows -----------------------------------------------------------------------------------------------------

    def __len__(self) -> int:
        return max(0, self._rows - len(self._owed))

    def put(self, row: Row) -> bool:
        """Commit a row; False if it must go to memory."""
        if self._file is None or self._retry_at:
            return self._write(lambda file: file.put(row))
        try:
            self._rows += self._file.put(row)  # the order flow's path: nothing in between
        except _ERRORS as error:
            self._failed(error)
            return False
        self._copies.put(row)
        return True

    def put_back(self, rows: Sequence[Row]) -> bool:
        """Commit rows that had to wait in memory."""
        return self._write(lambda file: file.put_many(rows))

    def head(self, limit: int) -> list[Row]:
        """Return up to `limit` of the oldest rows that are not yet delivered."""
        file = self._open()
        if len(self._copies) == len(self):
            return self._copies.head(limit)
        rows: list[Row] = self._try(lambda: file.head(limit + len(self._owed)), []) if file else []
        return [row for row in rows if row.seq not in self._owed][:limit] if self._owed else rows

    def remove(self, rows: Sequence[Row]) -> None:
        """Strike rows off, now or as soon as the disk lets us."""
        self._copies.remove(rows)
        self._owed.update(row.seq for row in rows)
        self._settle()

    def bury(self, refused: dict[Row, str], status: int) -> bool:
        """Move rows to the dead letters; False if only their number could be kept."""
        self._copies.remove(refused)
        seqs = {row.seq for row in refused}
        self._owed |= seqs
        if not self._write(lambda file: -file.bury(refused, status)):
            return False
        self._owed -= seqs
        return True

    def dead_letters(self, limit: int) -> list[DeadLetter]:
        """Return the newest dead letters."""
        file = self._open()
        return self._try(lambda: file.dead_letters(limit), []) if file else []

    def revive(self, first_seq: int) -> int:
        """Put the dead letters back into the queue and return how many."""
        file = self._open()
        count = self._try(lambda: file.revive(first_seq), 0) if file else 0
        self._rows += count
        return count

    def open(self) -> None:
        """Open the file, unless it is open or would not open a moment ago."""
        if self._file is None:
            self._open()

    # --- house-keeping, on the delivery's thread ------------------------------------------------------------------

    def is_open(self) -> bool:
        """Return whether rows can be written, trying the disk again if it is time."""
        return self._open() is not None and time.monotonic() >= self._retry_at

    def checkpoint(self, *, idle: bool) -> None:
        """Fold the write-ahead log into the file when it has grown: early if nobody is waiting, late if busy."""
        file = self._file
        limit = _WAL_IDLE_BYTES if idle else _WAL_BUSY_BYTES
        if file is not None and self._try(file.wal_bytes, 0) > limit:
            self._try(file.checkpoint, None)

    def settle(self) -> None:
        """Strike off what could not be struck off before."""
        if self._owed and self.is_open():
            self._settle()

    def path(self) -> Path | None:
        """Return the file of this process, if it is open."""
        return self._slot.path if self._file is not None and self._slot is not None else None

    def open_file(self, path: Path) -> OutboxFile:
        """Open a file with the settings of this outbox; raises what SQLite raises."""
        return OutboxFile(path, synchronous=self._synchronous, max_bytes=self._max_bytes)

    def adopt(self, rows: Sequence[Row]) -> bool:
        """Take over rows of a dead process, in front of our own: they are older, and a cancellation may follow."""
        file = self._open()
        if file is None:
            return False
        first = min(self._try(file.first_seq, 0), 0) - len(rows)
        numbered = [row._replace(seq=first + offset) for offset, row in enumerate(rows)]
        if not self._write(lambda target: target.put_many(numbered)):
            return False
        self._counters.adopted += len(rows)
        return True

    # --- ends and beginnings --------------------------------------------------------------------------------------

    def close(self) -> None:
        """Close the file and give it up."""
        if self._file is not None:
            self._try(self._file.close, None)
        for slot in self._locks():
            slot.release()
        left_behind = len(self)
        self._begin()
        self._rows = left_behind

    def forked(self) -> None:
        """In a forked child: the parent's file stays the parent's."""
        if self._file is not None:
            _abandoned.append(self._file)
        for slot in self._locks():
            slot.abandon()
        self._begin()

    # --- inside ---------------------------------------------------------------------------------------------------

    def _write(self, action: Callable[[OutboxFile], int]) -> bool:
        """Run a transaction that returns by how many the rows have become more."""
        file = self._file or self._open()
        if file is None or (self._retry_at and time.monotonic() < self._retry_at):
            return False
        try:
            self._rows += action(file)
        except _ERRORS as error:
            self._failed(error)
            return False
        if self._retry_at:
            self._retry_at = 0.0
            self._reporter.over("outbox_unavailable")
        return True

    def _try(self, action: Callable[[], Result], otherwise: Result) -> Result:
        try:
            return action()
        except _ERRORS as error:
            self._failed(error)
            return otherwise

    def _settle(self) -> None:
        owed = list(self._owed)
        if self._write(lambda file: -file.remove(owed)):
            self._owed.clear()

    def _open(self) -> OutboxFile | None:
        if self._file is not None:
            return self._file
        if time.monotonic() < self._retry_at:
            return None
        try:
            self._slot = self._slot or slots.claim(self._base)
            self._file = self.open_file(self._slot.path)
            self.floor = self._file.last_seq()
            self._found(self._file.count())
        except _ERRORS as error:
            self._failed(error)
        return self._file

    def _found(self, rows: int) -> None:
        """Count what an earlier process left; after a disk failure the rows are our own and counted already."""
        self._counters.adopted += max(0, rows - self._rows)
        self._rows = rows
        self._copies.drain()

    def _failed(self, error: BaseException) -> None:
        self._retry_at = time.monotonic() + _RETRY_SECONDS
        message = f"the outbox file cannot be used, rows wait in memory: {error}"
        self._reporter.lasting(Problem("outbox_unavailable", message, error=error))
        if type(error) is sqlite3.DatabaseError:  # "malformed", "not a database": only the base class says so
            self._set_corrupt_file_aside()
        elif isinstance(error, NewerFile):
            self._step_over()
        elif "full" not in str(error):
            self._drop_connection()

    def _locks(self) -> list[slots.Slot]:
        return [*self._avoided, *([self._slot] if self._slot else [])]

    def _step_over(self) -> None:
        """Keep the lock of a file we must not touch, and look for the next one."""
        if self._slot is not None:
            self._avoided.append(self._slot)
        self._slot, self._retry_at = None, 0.0

    def _drop_connection(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            try:
                file.close()
            except _ERRORS:
                return

    def _set_corrupt_file_aside(self) -> None:
        self._drop_connection()
        known = self._copies.drain()
        saved = self._refuge.put_in_front(known) if len(known) <= len(self) else 0
        self._counters.drop("outbox_corrupt", len(self) - saved)
        self._rows = 0
        self._owed.clear()
        self._retry_at = 0.0
        if self._slot is None:
            return
        path = self._slot.path
        try:
            os.replace(path, f"{path}.corrupt-{time.time_ns()}")
            for suffix in ("-wal", "-shm"):
                Path(f"{path}{suffix}").unlink(missing_ok=True)
        except OSError:
            self._retry_at = time.monotonic() + _RETRY_SECONDS
