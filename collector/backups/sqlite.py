"""SQLite: its online backup, one read of the whole file beside its writers."""

from __future__ import annotations

import os
import secrets
from datetime import datetime
from pathlib import Path
from typing import Any

from collector import engines
from collector.backups.refusal import CannotBackUp

MAGIC = b"SQLite format 3\0"


def write(url: str, draft: Path) -> None:
    """Copy the database in one step, which is one moment for all tables, and have SQLite check the copy."""
    source = _path(url)
    if not source.exists():
        raise CannotBackUp(f"{source} is not there; check AFTERWORD_DATABASE_URL")
    module = engines.sqlite_module()
    try:
        taken, made = module.connect(f"file:{source}?mode=ro", uri=True, timeout=30), module.connect(draft)
        try:
            taken.backup(made)
            made.execute("PRAGMA journal_mode=DELETE")
            _check(made, draft)
        finally:
            taken.close()
            made.close()
    except module.Error as error:
        raise CannotBackUp(f"SQLite refused: {error}") from None


def revision(path: Path) -> str | None:
    """At which revision the tables of a backup are."""
    module = engines.sqlite_module()
    backup = module.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
    try:
        _check(backup, path)
        row = backup.execute("SELECT version_num FROM alembic_version").fetchone()
    except module.Error as error:
        raise CannotBackUp(f"{path} is no backup of Afterword, or is damaged: {error}") from None
    finally:
        backup.close()
    return str(row[0]) if row else None


def holds(url: str) -> bool:
    """Whether there is a file already, empty or not."""
    return _path(url).exists()


def put_aside(url: str, now: datetime) -> Path:
    """Move the file that is there out of the way, with what its write-ahead log still holds; gives its new name."""
    path = _path(url)
    aside = path.with_name(f"{path.name}.replaced-{now:%Y%m%dT%H%M%SZ}")
    module = engines.sqlite_module()
    closing = module.connect(path)
    try:
        closing.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        closing.close()
    os.replace(path, aside)
    for end in ("-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)
    return aside


def read(path: Path, url: str) -> None:
    """Put the backup in the database's place, whole or not at all."""
    target = _path(url)
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    module = engines.sqlite_module()
    os.close(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600))
    try:
        backup, made = module.connect(f"file:{path}?mode=ro&immutable=1", uri=True), module.connect(draft)
        try:
            backup.backup(made)
        finally:
            backup.close()
            made.close()
        os.link(draft, target)  # fails where one has appeared meanwhile
    except module.Error as error:
        raise CannotBackUp(f"SQLite refused: {error}") from None
    except FileExistsError:
        raise CannotBackUp(f"{target} has appeared meanwhile; nothing was put back") from None
    finally:
        draft.unlink(missing_ok=True)


def _check(connection: Any, path: Path) -> None:
    found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        raise CannotBackUp(f"{path} is damaged: {found}")


def _path(url: str) -> Path:
    path = url.removeprefix("sqlite:///")
    if path in {"", "sqlite://", ":memory:"}:
        raise CannotBackUp("a database in memory cannot be backed up")
    return Path(path)
