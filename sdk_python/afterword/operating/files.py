"""An outbox file as the operator sees it: read beside its owner, written only where there is none."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from ..outbox import slots
from ..outbox.file import OutboxFile
from ..outbox.rows import DeadLetter, Row
from .places import State

_MAX_BYTES = 1 << 40
_BUSY_SECONDS = 5.0


class OutboxOnDisk:
    """One file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = str(path)

    def state(self, now: float) -> State:
        """Return how it stands."""
        with self._reading() as connection:
            waiting, oldest = connection.execute("SELECT count(*), min(at) FROM outbox").fetchone()
            dead = connection.execute("SELECT count(*) FROM dead_letters").fetchone()[0]
        age = None if oldest is None else max(0.0, now - oldest)
        return State(self.name, self._owner(), waiting, age, dead, self._bytes())

    def dead_letters(self, limit: int) -> list[DeadLetter]:
        """Return the newest dead letters first."""
        with self._reading() as connection:
            found = connection.execute(
                "SELECT kind, id, body, status, reason, failed_at FROM dead_letters ORDER BY seq DESC LIMIT ?",
                (limit,),
            )
            return [DeadLetter(*values) for values in found]

    def waiting(self) -> Iterator[Row]:
        """Return the rows that wait, oldest first."""
        with self._reading() as connection:
            for values in connection.execute("SELECT seq, kind, id, body, at FROM outbox ORDER BY seq"):
                yield Row(*values)

    def retry(self) -> tuple[int, str]:
        """Revive the dead letters of a file without owner; ask its owner where it has one."""
        slot = slots.try_claim(self.path)
        if slot is None:
            slots.ask_to_revive(self.path)
            with self._reading() as connection:
                dead = int(connection.execute("SELECT count(*) FROM dead_letters").fetchone()[0])
            return dead, "their process sends them within seconds"
        try:
            with closing(OutboxFile(self.path, synchronous="FULL", max_bytes=_MAX_BYTES)) as file:
                return file.revive(file.last_seq() + 1), "the next process, or drain, sends them"
        finally:
            slot.release()

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """Open for reading only: a second connection that writes could meet the WAL-reset bug (see outbox.file)."""
        connection = sqlite3.connect(f"{self.path.as_uri()}?mode=ro", uri=True, timeout=_BUSY_SECONDS)
        try:
            yield connection
        finally:
            connection.close()

    def _owner(self) -> str:
        slot = slots.try_claim(self.path)
        if slot is None:
            return "process"
        slot.release()
        return "none"

    def _bytes(self) -> int:
        parts = [Path(f"{self.path}{suffix}") for suffix in ("", "-wal")]
        return sum(part.stat().st_size for part in parts if part.exists())
