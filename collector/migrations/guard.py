"""Who may bring the tables to a new version, and when: one process at a time, patiently, and never backwards.

Tables are expanded first and contracted a release later, so that the version before still works with them: a rolling
upgrade, or the way back. ``compatible_since`` holds the oldest revision whose program does; a revision that takes
something away sets it (``contract``).
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Mapped, mapped_column

from collector import patience
from collector.db import GIVEN_UP, NO_LOCK, Base

LOCK = 0x41667465  # "Afte": PostgreSQL's advisory lock of whoever migrates
LOOK_AGAIN = 0.5
"""Seconds between two looks whether another process has ended; looking holds no snapshot, which indexes wait for."""
TRIES = 30
BUSY = (*GIVEN_UP, NO_LOCK)
"""PostgreSQL's states for what passes: a deadlock, a conflict of order, a lock that was not given in time."""


class NewerTables(Exception):
    """The tables belong to a newer version, which says that this one does not work with them."""


class CompatibleSince(Base):
    """One row: the oldest revision whose program works with these tables; of the house, so of no workspace."""

    __tablename__ = "compatible_since"

    revision: Mapped[str] = mapped_column(primary_key=True)


def is_newer(connection: Connection, known: set[str]) -> bool:
    """Whether the tables are of a newer version that this one may serve; raises ``NewerTables`` if it may not."""
    at = MigrationContext.configure(connection).get_current_revision()
    if at is None or at in known:
        return False
    since = None
    if inspect(connection).has_table("compatible_since"):
        since = connection.scalar(text("SELECT revision FROM compatible_since"))
    if since in known:
        return True
    raise NewerTables(
        f"the tables are of a newer Afterword (revision {at}), which this one does not work with; install that version, "
        "or restore the backup from before the upgrade"
    )


@contextmanager
def alone(url: str) -> Iterator[None]:
    """While no other process brings the same tables to another version; waits as long as that takes."""
    if not url.startswith("postgresql"):
        with _alone_at_file(url):
            yield
        return
    engine = create_engine(url, isolation_level="AUTOCOMMIT", connect_args=patience.connect_arguments())
    try:
        with engine.connect() as connection:
            while not connection.scalar(text("SELECT pg_try_advisory_lock(:name)"), {"name": LOCK}):
                time.sleep(LOOK_AGAIN)
            yield
    finally:
        engine.dispose()


@contextmanager
def _alone_at_file(url: str) -> Iterator[None]:
    """By a lock on the folder: nothing is left behind, and a killed process has let it go."""
    folder = Path(url.removeprefix("sqlite:///")).absolute().parent
    if url in {"sqlite://", "sqlite:///:memory:"} or not folder.is_dir():
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def patiently(migrate: Callable[[], None], pause: Callable[[float], Any] = time.sleep) -> None:
    """Migrate, and again where traffic was in the way: no lock is waited for long, since whoever comes after waits too."""
    for _ in range(TRIES - 1):
        try:
            migrate()
            return
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) not in BUSY:
                raise
            pause(LOOK_AGAIN)
    migrate()


def contract(revision: str) -> None:
    """Say, in a migration that takes something away, that programs older than ``revision`` no longer work."""
    from alembic import op

    op.execute(text("UPDATE compatible_since SET revision = :revision").bindparams(revision=revision))
