"""The file of this process and its lock: opened, lost, found corrupt, deleted under our feet. Nothing here raises."""

from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path
from typing import Callable, TypeVar

from ..reports import Problem, Reporter
from ..stats import Counters
from . import slots
from .file import NewerFile, OutboxFile
from .memory import MemoryQueue

_RETRY_SECONDS = 1.0
_LOOK_SECONDS = 1.0
_AT_ONCE = 500
_COPIES, _COPIES_BYTES = 2_000, 2 << 20
ERRORS = (sqlite3.Error, OSError, NewerFile)

_abandoned: list[OutboxFile] = []
"""Connections inherited by a fork: closing one in the child would pull the log away from under the parent."""

Result = TypeVar("Result")


class Holder:
    """Holds one file, opened when first needed, and runs actions on it. Not locked: `Outbox` holds the lock."""

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
        self._look_at = 0.0
        self.floor = 0
        """The greatest number that the file had when it was opened: a clock that was set back must not go below."""

    def __len__(self) -> int:
        return max(0, self._rows - len(self._owed))

    def open(self) -> None:
        """Open the file, unless it is open or would not open a moment ago."""
        if self._file is None:
            self._open()

    def open_file(self, path: Path) -> OutboxFile:
        """Open a file with the settings of this outbox; raises what SQLite raises."""
        return OutboxFile(path, synchronous=self._synchronous, max_bytes=self._max_bytes)

    def look(self) -> None:
        """Notice that a clean-up took the file or its lock from under us; the open file still has the rows."""
        self._look_at = time.time() + _LOOK_SECONDS
        slot, file = self._slot, self._file
        if file is None or slot is None:
            return
        try:
            has_file = slot.has_its_file()
            if not slot.has_its_lock():
                self._lock_again(slot)
            if not has_file:
                self._write_anew(file)
            elif self._slot is None:
                self._leave_to_its_new_owner()
        except ERRORS as error:  # the open file goes on, though nobody would find it again
            message = f"the folder of the outbox is gone, rows would not survive a crash: {error}"
            self._reporter.lasting(Problem("outbox_unavailable", message, error=error))

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
        except ERRORS as error:
            self._failed(error)
            return False
        if self._retry_at:
            self._retry_at = 0.0
            self._reporter.over("outbox_unavailable")
        return True

    def _try(self, action: Callable[[], Result], otherwise: Result) -> Result:
        try:
            return action()
        except ERRORS as error:
            self._failed(error)
            return otherwise

    def _open(self) -> OutboxFile | None:
        if self._file is not None:
            return self._file
        if time.monotonic() < self._retry_at:
            return None
        try:
            self._slot = self._slot or slots.claim(self._base)
            self._file = self.open_file(self._slot.path)
            self._slot.remember_file()
            self.floor = self._file.last_seq()
            self._found(self._file.count())
        except ERRORS as error:
            self._failed(error)
        return self._file

    def _found(self, rows: int) -> None:
        """Count what an earlier process left, or took over while we were closed; our own rows are counted already."""
        self._counters.adopted += rows - self._rows
        self._rows = rows
        self._copies.drain()

    def _lock_again(self, lost: slots.Slot) -> None:
        """Take a lock that others see; without it, the slot is somebody else's."""
        self._slot = slots.try_claim(lost.path)
        lost.release()
        if self._slot is not None:
            self._slot.take_over_file(lost)

    def _write_anew(self, old: OutboxFile) -> None:
        """Move everything from the deleted file, which we still have open, into a new one, under the same numbers."""
        if self._slot is not None and not self._slot.path.exists():
            _unlink_log(self._slot.path)  # that of the deleted file; the new one must not find it
        rows, self._file, self._rows = self._rows, None, 0
        if self._open() is None:
            self._file, self._rows = old, rows  # not now
            return
        if self._write(lambda new: _move(old, new)):
            old.close()
        else:
            self._counters.drop("outbox_lost", rows)
        self._reporter.over("outbox_unavailable")
        message = "the outbox file was deleted or replaced while in use; its rows were written anew"
        self._reporter.event(Problem("outbox_replaced", message, rows))

    def _leave_to_its_new_owner(self) -> None:
        """Another process has our file since the lock was deleted: it has adopted the rows, we take the next file."""
        self._counters.adopted -= len(self)
        self._rows = 0
        self._owed.clear()
        self._copies.drain()
        self._drop_connection()
        self._reporter.event(
            Problem("outbox_replaced", "the lock of the outbox file was deleted while in use")
        )

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
            except ERRORS:
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
            _unlink_log(path)
        except OSError:
            self._retry_at = time.monotonic() + _RETRY_SECONDS


def _unlink_log(path: Path) -> None:
    for suffix in ("-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)


def _move(old: OutboxFile, new: OutboxFile) -> int:
    """Move rows and dead letters and return how many rows came."""
    moved = 0
    while rows := old.tail(_AT_ONCE):
        moved += new.put_many(rows)
        old.remove([row.seq for row in rows])
    while dead := old.dead_rows(_AT_ONCE):
        new.add_dead(dead)
        old.remove_dead(dead[-1].seq)
    return moved
