"""Putting a backup back: into a place where nothing is lost by it, and brought to this version's tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import ModuleType

from sqlalchemy import func, select

from collector import db, migrations
from collector.backups import postgresql, sqlite
from collector.backups.refusal import CannotBackUp
from collector.responses import Response
from collector.workspaces import Workspace


@dataclass(frozen=True)
class Restored:
    """What came back: its revision in the backup, how many workspaces and answers; ``aside`` is the file that it replaced."""

    revision: str
    workspaces: int
    answers: int
    aside: Path | None


def restore(path: Path, url: str, now: datetime, replace: bool = False) -> Restored:
    """Put a backup in the place of the database at ``url``, and bring its tables to this version.

    Raises ``CannotBackUp``, with nothing changed: for a file that is no backup, is damaged, is of the other database or of
    a newer version, and for a database that holds something. A SQLite file may be moved aside (``replace``).
    """
    kind = _kind(path)
    if (kind is sqlite) != url.startswith("sqlite"):
        here, there = ("PostgreSQL", "SQLite") if kind is sqlite else ("SQLite", "PostgreSQL")
        raise CannotBackUp(f"{path} is a backup of {there}, and AFTERWORD_DATABASE_URL names {here}")
    found = _known(path, kind.revision(path))
    aside = _make_room(kind, url, now, replace)
    kind.read(path, url)
    migrations.upgrade(url)
    workspaces, answers = _count(url)
    return Restored(found, workspaces, answers, aside)


def _kind(path: Path) -> ModuleType:
    try:
        with path.open("rb") as file:
            begin = file.read(16)
    except OSError as error:
        raise CannotBackUp(f"{path}: {error.strerror}") from None
    for kind in (sqlite, postgresql):
        if begin.startswith(kind.MAGIC):
            return kind
    raise CannotBackUp(f"{path} is no backup: it is neither a SQLite database nor a dump of PostgreSQL")


def _known(path: Path, revision: str | None) -> str:
    if revision is None:
        raise CannotBackUp(f"{path} is no backup of Afterword: it names no revision of its tables")
    if revision not in migrations.known():
        raise CannotBackUp(
            f"{path} comes from a newer Afterword (revision {revision}); install that one first"
        )
    return revision


def _make_room(kind: ModuleType, url: str, now: datetime, replace: bool) -> Path | None:
    if not kind.holds(url):
        return None
    if kind is sqlite and replace:
        return sqlite.put_aside(url, now)
    advice = (
        "stop the collector and use --replace, which moves it aside"
        if kind is sqlite
        else "make an empty one (createdb) and name that in AFTERWORD_DATABASE_URL"
    )
    raise CannotBackUp(f"there is a database already; {advice}")


def _count(url: str) -> tuple[int, int]:
    with db.opened(url) as engine, db.make_sessions(engine)() as session:
        db.read_only(session)
        count = select(func.count())
        return tuple(  # type: ignore[return-value] # two counts of two tables
            session.scalar(count.select_from(table)) or 0 for table in (Workspace, Response)
        )
