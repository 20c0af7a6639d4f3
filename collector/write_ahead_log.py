"""SQLite's write-ahead log is kept short, also where readers never all pause at once.

SQLite begins its log anew when all of it is in the file and nobody reads from it any more. A long reader, or several
that overlap, put that off for as long as they go on, and the log grows meanwhile. So the worker looks at it: as long as
it is of a bearable size, it takes a writer's turn for the moment in which readers happen to pause, and leaves at once
where they do not. Only a log that has become large has writers wait for readers, the longer the larger, and never
for as long as a request has patience.
"""

from __future__ import annotations

import os
import time
from datetime import datetime
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from collector.turns import NoTurn

LIMIT, LARGE = 16 * 1024 * 1024, 64 * 1024 * 1024
"""Bytes: from here on somebody sees to it, from here on writers wait for it."""
FIRST, LONGEST = 1.0, 4.0
"""Seconds that writers wait for readers, the first time and at most."""
REST = 0.02


def size(engine: Engine) -> int:
    """How long the log is, in bytes; 0 for a database that has none."""
    if engine.dialect.name != "sqlite" or not engine.url.database:
        return 0
    try:
        return os.path.getsize(f"{engine.url.database}-wal")
    except FileNotFoundError:
        return 0


def empty(session: Session) -> None:
    """Write the log into the file and cut it off, so that what was erased stands there no longer.

    A reader who is at it now keeps the rest until the next time.
    """
    engine = session.get_bind()
    if isinstance(engine, Engine) and engine.dialect.name == "sqlite":
        cut(engine, FIRST)


def cut(engine: Engine, seconds: float) -> bool:
    """Write the log into the file and cut it off; whether that was possible. Writers wait for readers so long at most."""
    connection = engine.raw_connection()
    own: Any = connection.dbapi_connection
    until = time.monotonic() + seconds
    try:
        own.execute("PRAGMA wal_checkpoint(PASSIVE)")  # most of the work, while others write
        own.take_turn()
        own.execute("PRAGMA busy_timeout=0")
        while is_busy := own.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
            if time.monotonic() >= until:
                break
            time.sleep(REST)
        return not is_busy
    except NoTurn:
        return False
    finally:
        own.hand_on()
        connection.invalidate()  # with its setting
        connection.close()


class Kept:
    """The log of one process's database, as its worker keeps it short."""

    def __init__(self) -> None:
        self.seconds, self.bound = FIRST, LARGE
        """For how long writers wait, at which size, the next time."""

    def is_long(self, session: Session, _now: datetime) -> bool:
        """Whether there is anything to do: a look at the file's size."""
        return size(session.get_bind().engine) > LIMIT

    def shorten(self, session: Session, _now: datetime) -> int:
        """Cut the log off if that may be; where writers waited for it in vain, they wait again when it has doubled."""
        engine = session.get_bind()
        assert isinstance(engine, Engine)
        grown = size(engine)
        is_large = grown >= self.bound
        if cut(engine, self.seconds if is_large else 0.0):
            self.seconds, self.bound = FIRST, LARGE
        elif is_large:
            self.seconds, self.bound = min(2 * self.seconds, LONGEST), 2 * grown
        return 0
