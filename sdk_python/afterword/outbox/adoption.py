"""Takes over the files of processes that died, one after the other, a few hundred rows at a time.

A crash between the two commits leaves rows in both files: they go out twice under the same ids, and the
collector takes the second for the retry that it is.
"""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Callable

from . import slots
from .file import NewerFile, OutboxFile
from .rows import Row

_AT_ONCE = 500

OpenFile = Callable[[Path], OutboxFile]
Receive = Callable[[list[Row]], bool]


def adopt_orphans(
    base: Path, own: Path, open_file: OpenFile, receive: Receive, beside: AbstractContextManager[Any]
) -> OSError | None:
    """Hand all rows of dead processes to `receive`, newest first, and delete their files.

    Returns the error if the folder cannot be searched. `receive` says False when it can take no more for now. `beside`
    is held for each step in SQLite, whose own locks would otherwise be copied, locked, into a child forked just then.
    """
    try:
        for path in list(slots.others(base, own)):
            slot = slots.try_claim(path)
            if slot is not None:
                _empty(slot, open_file, receive, beside)
    except OSError as error:
        return error
    return None


def _empty(
    slot: slots.Slot, open_file: OpenFile, receive: Receive, beside: AbstractContextManager[Any]
) -> None:
    try:
        with beside:
            file = open_file(slot.path)
    except (sqlite3.Error, OSError, NewerFile) as error:
        _leave(slot, error)
        return
    try:
        emptied = _move_rows(file, receive, beside)
        with beside:
            keep = not emptied or bool(file.dead_letters(1))
            file.close()
    except sqlite3.Error as error:
        file.close()
        _leave(slot, error)
        return
    slot.release() if keep else slot.delete()


def _move_rows(file: OutboxFile, receive: Receive, beside: AbstractContextManager[Any]) -> bool:
    while True:
        with beside:
            rows = file.tail(_AT_ONCE)
        if not rows:
            return True
        if not receive(rows):
            return False
        with beside:
            file.remove([row.seq for row in rows])


def _leave(slot: slots.Slot, error: Exception) -> None:
    """Set a corrupt file aside, so that nobody stumbles over it again; leave any other as it is."""
    if type(error) is sqlite3.DatabaseError:
        os.replace(slot.path, f"{slot.path}.corrupt-{time.time_ns()}")
        slot.delete()
    else:
        slot.release()
