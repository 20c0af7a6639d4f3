"""Takes over the files of processes that died, one after the other, a few hundred rows at a time.

A crash between the two commits leaves rows in both files: they go out twice under the same ids, and the
collector takes the second for the retry that it is. Dead letters come along, so that an operator finds all of them
behind any one process.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

from . import slots
from .file import NewerFile, OutboxFile
from .rows import DeadRow, Row

_AT_ONCE = 500


class Heir(Protocol):
    """Who takes over: False means that no more can be taken for now."""

    def open_file(self, path: Path) -> OutboxFile:
        """Open a file with the settings of this outbox; raises what SQLite raises."""
        ...

    def adopt(self, rows: Sequence[Row]) -> bool:
        """Take rows over, in front of our own."""
        ...

    def adopt_dead(self, rows: Sequence[DeadRow]) -> bool:
        """Take dead letters over."""
        ...


Gate = AbstractContextManager[Any]


def adopt_orphans(base: Path, own: Path, heir: Heir, beside: Gate) -> OSError | None:
    """Hand all rows of dead processes to the heir, newest first, and delete their files.

    Returns the error if the folder cannot be searched. `beside` is held for each step in SQLite, whose own locks would
    otherwise be copied, locked, into a child forked just then.
    """
    try:
        for path in list(slots.others(base, own)):
            slot = slots.try_claim(path)
            if slot is not None:
                _empty(slot, heir, beside)
    except OSError as error:
        return error
    return None


def _empty(slot: slots.Slot, heir: Heir, beside: Gate) -> None:
    try:
        with beside:
            file = heir.open_file(slot.path)
    except (sqlite3.Error, OSError, NewerFile) as error:
        _leave(slot, error)
        return
    try:
        emptied = move_rows(file, heir, beside) and move_dead(file, heir, beside)
        with beside:
            file.close()
    except sqlite3.Error as error:
        file.close()
        _leave(slot, error)
        return
    slot.delete() if emptied else slot.release()


def move_rows(file: OutboxFile, heir: Heir, beside: Gate) -> bool:
    """Move all rows, newest first, each batch in front of the one before; return whether all could go."""
    while True:
        with beside:
            rows = file.tail(_AT_ONCE)
        if not rows:
            return True
        if not heir.adopt(rows):
            return False
        with beside:
            file.remove([row.seq for row in rows])


def move_dead(file: OutboxFile, heir: Heir, beside: Gate) -> bool:
    """Move all dead letters, oldest first; return whether all could go."""
    while True:
        with beside:
            rows = file.dead_rows(_AT_ONCE)
        if not rows:
            return True
        if not heir.adopt_dead(rows):
            return False
        with beside:
            file.remove_dead(rows[-1].seq)


def _leave(slot: slots.Slot, error: Exception) -> None:
    """Set a corrupt file aside, so that nobody stumbles over it again; leave any other as it is."""
    if type(error) is sqlite3.DatabaseError:
        os.replace(slot.path, f"{slot.path}.corrupt-{time.time_ns()}")
        slot.delete()
    else:
        slot.release()
