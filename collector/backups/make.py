"""Making a backup: a state of the database as it was at one moment, while others write."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from collector import db, jobs
from collector.backups import postgresql, sqlite
from collector.backups.refusal import CannotBackUp

JOB = jobs.Job("backup", 24 * 3600.0, lambda _session, _now: 0, lambda _session, _now: False)
"""Under this name ``doctor``, ``/readyz`` and ``/metrics`` tell when the last one was made."""


def back_up(url: str, path: Path, now: datetime) -> int:
    """Write a backup of the database at ``url`` to ``path``, readable by its owner only; its size in bytes.

    Whatever was acknowledged before this was called is in it. The file appears whole or not at all. Raises
    ``CannotBackUp`` where it exists already, or where the database or the disk refuses.
    """
    if path.exists():
        raise CannotBackUp(f"{path} is there already; give another name, or a folder")
    draft = path.with_name(f".{path.name}.part")
    try:
        os.close(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600))
        _write(url, draft)
        _to_disk(draft)
        os.replace(draft, path)
        _to_disk(path.parent)
    except OSError as error:
        raise CannotBackUp(f"{path}: {error.strerror}") from None
    finally:
        draft.unlink(missing_ok=True)
    _note(url, now)
    return path.stat().st_size


def _write(url: str, draft: Path) -> None:
    (sqlite if url.startswith("sqlite") else postgresql).write(url, draft)


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _note(url: str, now: datetime) -> None:
    """So that its age can be watched; a standby that takes no writes has given a good backup all the same."""
    with suppress(SQLAlchemyError), db.opened(url) as engine, db.make_sessions(engine).begin() as session:
        jobs.succeeded(session, jobs.Success(JOB, now))
