"""The rows of this process's file. Nothing here raises; False and [] mean "not now", and memory takes over."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Callable

from .file import OutboxFile
from .holder import ERRORS, Holder
from .rows import DeadLetter, DeadRow, Row

_WAL_IDLE_BYTES = 4 << 20
_WAL_BUSY_BYTES = 64 << 20


class Disk(Holder):
    """Puts rows into the file, takes them out, buries and revives them. Not locked: `Outbox` holds the lock."""

    # --- rows -----------------------------------------------------------------------------------------------------

    def put(self, row: Row) -> bool:
        """Commit a row; False if it must go to memory."""
        if row.at >= self._look_at:
            self.look()
        if self._file is None or self._retry_at:
            return self._write(lambda file: file.put(row))
        try:
            self._rows += self._file.put(row)  # the order flow's path: nothing in between
        except ERRORS as error:
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

    def remove(self, rows: Sequence[Row]) -> int:
        """Strike rows off, now or as soon as the disk lets us, and return how many of them we held."""
        counted = len(self._owed)
        self._copies.remove(rows)
        self._owed.update(row.seq for row in rows)
        struck = self._settle()
        return len(rows) if struck is None else max(0, struck - counted)

    def bury(self, refused: dict[Row, str], status: int) -> int | None:
        """Move rows to the dead letters and return how many we held; None if only their number could be kept."""
        self._copies.remove(refused)
        seqs = {row.seq for row in refused}
        self._owed |= seqs
        buried = self._strike(lambda file: file.bury(refused, status))
        if buried is not None:
            self._owed -= seqs
            self._trim_dead()
        return buried

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

    def adopt_dead(self, rows: Sequence[DeadRow]) -> bool:
        """Take over dead letters of a dead process, where an operator looks for them."""
        if not self._write(lambda file: file.add_dead(rows) * 0):
            return False
        self._trim_dead()
        return True

    # --- inside ---------------------------------------------------------------------------------------------------

    def _settle(self) -> int | None:
        owed = list(self._owed)
        struck = self._strike(lambda file: file.remove(owed))
        if struck is not None:
            self._owed.clear()
        return struck

    def _strike(self, action: Callable[[OutboxFile], int]) -> int | None:
        """Run a transaction that strikes rows off and return how many; None if the disk would not let us."""
        struck = 0

        def run(file: OutboxFile) -> int:
            nonlocal struck
            struck = action(file)
            return -struck

        return struck if self._write(run) else None

    def _trim_dead(self) -> None:
        if self._file is not None:
            self._counters.dead_cut += self._try(self._file.trim_dead, 0)
