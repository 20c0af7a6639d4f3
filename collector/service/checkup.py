"""What `afterword doctor` looks at: everything is connected to, and nothing is written or made."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from collector import changes, clock, db, deliveries, engines, jobs, migrations, workspaces
from collector.config import Config
from collector.outgoing import SendingFailed
from collector.service.health import LEAST_FREE

ROOM = 1024**3
"""Bytes free beside SQLite's file below which it is worth a look."""
APART = timedelta(seconds=5)
"""How far the database's clock may be from this machine's."""


@dataclass(frozen=True)
class Finding:
    """One thing looked at: ``well``, ``advice`` (worth a look) or ``fault``, and a line that says what to do."""

    state: Literal["well", "advice", "fault"]
    said: str


def findings(settings: Config, now: datetime) -> Iterator[Finding]:
    """All there is to say, the database first; what cannot be looked at without it is left out."""
    yield from _embedded(settings)
    if settings.sqlite_path is not None and not settings.sqlite_path.exists():
        yield Finding("fault", f"no database yet at {settings.sqlite_path}: run `afterword init`")
    else:
        yield from _stored(settings, now)
    yield _mail(settings)


def _embedded(settings: Config) -> Iterator[Finding]:
    """The library, the files and the disk of the embedded database."""
    if not settings.is_sqlite:
        return
    version = engines.sqlite_module().sqlite_version
    if engines.sqlite_is_safe():
        yield Finding("well", f"SQLite {version}")
    else:
        yield Finding("advice", f"SQLite {version}: has the WAL-reset bug; pip install pysqlite3")
    path = settings.sqlite_path
    if path is None:
        return
    yield _room(path)
    for file in (path, path.with_suffix(".secret")):
        if file.exists() and file.stat().st_mode & 0o077:
            yield Finding("advice", f"{file} can be read by others: chmod 600 {file}")


def _room(path: Path) -> Finding:
    folder = next(each for each in (path.absolute().parent, *path.absolute().parents) if each.exists())
    free = shutil.disk_usage(folder).free
    state: Any = "fault" if free < LEAST_FREE else "advice" if free < ROOM else "well"
    return Finding(state, f"{free / 1024**2:,.0f} MiB free at {folder}")


def _stored(settings: Config, now: datetime) -> Iterator[Finding]:
    try:
        with db.opened(settings.database_url) as engine, _reading(engine) as session:
            connection = session.connection()
            yield from _server(connection, now)
            tables = _tables(connection)
            yield tables
            if tables.state != "fault":
                yield from _record(session)
                yield from _jobs(session, now)
    except SQLAlchemyError as error:
        said = " ".join(str(getattr(error, "orig", error)).split())[:300]
        yield Finding("fault", f"the database cannot be used: {said}; check AFTERWORD_DATABASE_URL")


@contextmanager
def _reading(engine: Engine) -> Iterator[Session]:
    with db.make_sessions(engine)() as session:
        yield db.read_only(session)


def _server(connection: Connection, now: datetime) -> Iterator[Finding]:
    """PostgreSQL's version, clock and whether it takes writes."""
    if connection.dialect.name != "postgresql":
        return
    yield Finding("well", f"PostgreSQL {connection.scalar(text('SHOW server_version'))}")
    apart = abs(connection.scalar(text("SELECT clock_timestamp()")) - clock.system_clock())
    if apart > APART:
        yield Finding(
            "fault", f"its clock and this machine's are {apart.total_seconds():,.0f} s apart: set them right"
        )
    if connection.scalar(text("SHOW transaction_read_only")) == "on":
        yield Finding("fault", "it takes no writes: it is a standby, or was set read-only")


def _tables(connection: Connection) -> Finding:
    at, head = MigrationContext.configure(connection).get_current_revision(), migrations.heads()[0]
    if at == head:
        return Finding("well", f"tables at revision {at}")
    if at is None:
        return Finding(
            "fault", "no tables yet: run `afterword init` (a new company) or `afterword db upgrade`"
        )
    if at in migrations.known():
        return Finding("fault", f"tables at revision {at} (newest: {head}): run `afterword db upgrade`")
    return Finding(
        "fault", f"tables at revision {at}, of a newer Afterword than this one (newest here: {head})"
    )


def _record(session: Session) -> Iterator[Finding]:
    """Whether no row of any workspace's record is missing or altered."""
    for workspace in session.scalars(select(workspaces.Workspace)):
        verdict = changes.verify(session, workspace.workspace_id)
        said = verdict.fault or f"{verdict.rows} rows, none missing, none altered"
        yield Finding("well" if verdict.holds else "fault", f"record of {workspace.name}: {said}")


def _jobs(session: Session, now: datetime) -> Iterator[Finding]:
    states = jobs.states(session, now)
    for state in states:
        when = "never succeeded" if state.lag is None else f"last succeeded {state.lag:,.0f} s ago"
        failing = f", {state.failures} failures in a row ({state.error})" if state.failures else ""
        yield Finding("advice" if state.is_late else "well", f"job: {state.name}: {when}{failing}")
    if not any(state.name == "backup" for state in states):
        yield Finding("advice", "no backup was made by `afterword backup` yet")


def _mail(settings: Config) -> Finding:
    if not settings.smtp_url:
        return Finding("advice", "mail: AFTERWORD_SMTP_URL is empty, so no mail is sent")
    try:
        deliveries.reach_mail_server(settings.smtp_url)
    except SendingFailed as error:
        return Finding("fault", f"mail: {error}; check AFTERWORD_SMTP_URL")
    return Finding("well", "mail: the server takes us")
