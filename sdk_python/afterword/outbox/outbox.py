"""The door of the outbox: a row goes to the file, or to memory when there is none or it cannot be written."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Sequence
from pathlib import Path

from ..reports import Problem, Reporter
from ..stats import Counters, Stats
from . import slots
from .adoption import adopt_orphans
from .disk import Disk
from .file import OutboxFile
from .locks import is_mine, release_mine
from .memory import MemoryQueue
from .recently_dead import RecentlyDead
from .rows import DeadLetter, DeadRow, Row

_ADOPT_SECONDS = 10.0
_PUT_SECONDS = 0.2
_REST_SECONDS = 1.0
_MOST_ASIDE = 10_000


class Outbox:
    """Safe from any thread: each method holds the lock for one short transaction at most.

    A signal handler may trigger a survey in the middle of another call: its row is laid aside, and taken in by the next
    one. The lock is re-entrant for that. A caller waits a fifth of a second for it at most, then lays its row aside too.
    """

    def __init__(
        self,
        base: Path | None,
        *,
        synchronous: str,
        max_bytes: int,
        memory: MemoryQueue,
        reporter: Reporter,
    ) -> None:
        self.lock = threading.RLock()
        self._beside = threading.RLock()
        """Held while a file of a dead process is worked on, which needs no `lock`; taken before it where both are."""
        self._aside: deque[tuple[str, str, str]] = deque()
        self._waiting: set[int] = set()  # threads inside `put`: a signal handler waits no second time
        self._base = base
        self._memory = memory
        self._reporter = reporter
        self._counters = Counters()
        self._disk: Disk | None = None
        if base is not None:
            self._disk = Disk(
                base, synchronous=synchronous, max_bytes=max_bytes, refuge=memory, counters=self._counters,
                reporter=reporter,
            )  # fmt: skip
        self._recently_dead = RecentlyDead()
        self._begin()

    def _begin(self) -> None:
        # microseconds as a start: the numbers stay apart from those that an earlier process left in the file
        self._seq = time.time_ns() // 1_000
        self._adopt_at = 0.0
        self._closed = False

    # --- the caller's side ----------------------------------------------------------------------------------------

    def put(self, kind: str, row_id: str, body: str) -> None:
        """Take a row over."""
        lock, me = self.lock, threading.get_ident()
        if self.is_in_a_call() or me in self._waiting:
            return self._lay_aside(kind, row_id, body)
        try:
            self._waiting.add(me)
            if lock.acquire(timeout=_PUT_SECONDS):
                self._take_in()  # first: what was laid aside is older
                self._put(kind, row_id, body)
                self._take_in()
            else:
                self._lay_aside(kind, row_id, body)
        finally:
            self._waiting.discard(me)
            release_mine(lock)

    def is_in_a_call(self) -> bool:
        """Return whether this thread is in the middle of a call: then a signal handler is asking."""
        return is_mine(self.lock)

    def stats(self) -> Stats:
        """Return a consistent snapshot."""
        with self.lock:
            self._take_in()
            oldest = self.take(1)
            return self._counters.snapshot(
                queued=self._queued(),
                queued_in_memory=len(self._memory),
                oldest_age=max(0.0, time.time() - oldest[0].at) if oldest else None,
                states=self._reporter.states(),
                restarts=self._reporter.restarts,
            )

    def last_seq(self) -> int:
        """Return the number of the newest row."""
        with self.lock:
            self._take_in()
            return self._seq

    def is_drained(self, up_to: int) -> bool:
        """Return whether every row up to a number has left."""
        with self.lock:
            head = self.take(1)
            return self._queued() == 0 or (bool(head) and head[0].seq > up_to)

    def dead_letters(self, limit: int) -> list[DeadLetter]:
        """Return the newest dead letters; without a file, those of the last hundred."""
        with self.lock:
            stored = self._disk.dead_letters(limit) if self._disk is not None else []
            return (self._recently_dead.newest() + stored)[:limit]

    def revive(self) -> int:
        """Put the dead letters of this file back into the queue and return how many."""
        with self.lock:
            count = self._disk.revive(self._seq + 1) if self._disk is not None else 0
            self._seq += count
            self._counters.adopted += count
            return count

    def ask_others_to_revive(self) -> None:
        """Ask the other living processes of this outbox to put their dead letters back too."""
        own = self._disk.path() if self._disk is not None else None
        if own is not None and self._base is not None:
            for path in slots.others(self._base, own):
                slots.ask_to_revive(path)

    def adopt_soon(self) -> None:
        """Look for what dead processes left at the next opportunity."""
        self._adopt_at = 0.0

    # --- the delivery's side (rows.Source) ------------------------------------------------------------------------

    def take(self, limit: int) -> list[Row]:
        """Return the oldest rows of file and memory without removing them."""
        with self.lock:
            self._take_in()
            stored = self._disk.head(limit) if self._disk is not None and not self._closed else []
            if not len(self._memory):
                return stored
            # a commit that failed and yet was written leaves a row in both places, under one number
            return sorted({row.seq: row for row in stored + self._memory.head(limit)}.values())[:limit]

    def delivered(self, rows: Sequence[Row]) -> None:
        """Strike rows off: the collector has them. Those that are another owner's by now are for that one to count."""
        with self.lock:
            if self._closed:
                return  # the answer came after `close()`: whoever opens the file next sends the rows again
            self._reporter.over("memory_full")
            stored = self._memory.remove(rows)
            self._counters.delivered += len(rows) - len(stored)
            if stored and self._disk is not None:
                self._counters.delivered += self._disk.remove(stored)

    def dead(self, refused: dict[Row, str], status: int) -> None:
        """Move rows to the dead letters, each with the server's reason."""
        with self.lock:
            if self._closed:
                return
            stored = {row: refused[row] for row in self._memory.remove(refused)}
            in_memory = {row: refused[row] for row in refused if row not in stored}
            self._counters.dead += len(in_memory)
            self._counters.dead_cut += self._recently_dead.add(in_memory, status)
            if stored and self._disk is not None:
                self._bury(self._disk, stored, status)

    def retried(self, count: int) -> None:
        """Count rows that have to be sent once more."""
        with self.lock:
            self._counters.retried += count

    def tend(self, *, idle: bool) -> None:
        """Open the file, bring rows in memory back to it, fold its log, adopt what dead processes left."""
        if self._disk is None or self._base is None:
            return
        with self.lock:
            if self._closed:
                return
            self._disk.look()
            if self._disk.is_open():
                self._disk.settle()
                self._bring_back()
                self._disk.checkpoint(idle=idle)
            own = self._disk.path()
        if own is not None and slots.is_asked_to_revive(own):
            self.revive()
        if own is not None and time.monotonic() >= self._adopt_at:
            self._adopt_at = time.monotonic() + _ADOPT_SECONDS
            adopt_orphans(self._base, own, self, self._beside)

    def open_file(self, path: Path) -> OutboxFile:
        """Open a file with the settings of this outbox; raises what SQLite raises."""
        if self._disk is None:
            raise FileNotFoundError(path)
        return self._disk.open_file(path)

    def adopt(self, rows: Sequence[Row]) -> bool:
        """Take over rows of a dead process."""
        with self.lock:
            return self._disk is not None and self._disk.adopt(rows)

    def adopt_dead(self, rows: Sequence[DeadRow]) -> bool:
        """Take over dead letters of a dead process."""
        with self.lock:
            return self._disk is not None and self._disk.adopt_dead(rows)

    # --- ends and beginnings --------------------------------------------------------------------------------------

    def close(self) -> None:
        """Close the file and give it up; a later call opens it again."""
        with self.lock:
            self._take_in()
            if self._disk is not None and not self._closed:
                self._bring_back()
                self._disk.close()
            self._closed = True

    def resume(self) -> None:
        """Take up again what was closed."""
        with self.lock:
            self._closed = False

    def rest(self) -> None:
        """Let no transaction be under way, for a fork; after a second it goes on without."""
        for lock in (self._beside, self.lock):
            lock.acquire(timeout=_REST_SECONDS)

    def go_on(self) -> None:
        """End the rest, as far as it was reached."""
        release_mine(self.lock, self._beside)

    def forked(self) -> None:
        """In a forked child: leave everything to the parent and begin empty, with a file of our own."""
        self.lock = threading.RLock()
        self._beside = threading.RLock()
        self._aside.clear()
        self._waiting.clear()
        self._memory.drain()
        self._recently_dead.clear()
        self._counters.reset()
        if self._disk is not None:
            self._disk.forked()
        self._begin()

    # --- inside ---------------------------------------------------------------------------------------------------

    def _put(self, kind: str, row_id: str, body: str) -> None:
        self._closed = False
        self._counters.accepted += 1
        disk = self._disk
        if disk is not None:
            disk.open()
            self._seq = max(self._seq, disk.floor)
        self._seq += 1
        row = Row(self._seq, kind, row_id, body, time.time())
        if not ((disk is not None and disk.put(row)) or self._memory.put(row)):
            self._full()

    def _full(self) -> None:
        self._counters.drop("memory_full")
        self._reporter.lasting(Problem("memory_full", "the queue in memory is full, rows are dropped", 1))

    def _lay_aside(self, kind: str, row_id: str, body: str) -> None:
        """Keep a row without the lock; counted when it is taken in, or here when it cannot be kept."""
        if len(self._aside) < _MOST_ASIDE:
            self._aside.append((kind, row_id, body))
            return
        self._counters.accepted += 1
        self._full()

    def _take_in(self) -> None:
        """Take over what was laid aside."""
        while self._aside:
            self._put(*self._aside.popleft())

    def _bury(self, disk: Disk, refused: dict[Row, str], status: int) -> None:
        buried = disk.bury(refused, status)
        if buried is None:
            self._counters.dead_cut += self._recently_dead.add(refused, status)
        self._counters.dead += len(refused) if buried is None else buried

    def _queued(self) -> int:
        return len(self._memory) + (len(self._disk) if self._disk is not None else 0)

    def _bring_back(self) -> None:
        if (
            len(self._memory)
            and self._disk is not None
            and self._disk.put_back(self._memory.head(len(self._memory)))
        ):
            self._memory.drain()
