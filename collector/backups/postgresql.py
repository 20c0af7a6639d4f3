"""PostgreSQL: its own ``pg_dump`` and ``pg_restore``, which know everything a database can hold."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from sqlalchemy import create_engine, text

from collector.backups.refusal import CannotBackUp

MAGIC = b"PGDMP"
REVISION = re.compile(r"^COPY \S*alembic_version .*?;\n(\S+)\n", re.M)


def write(url: str, draft: Path) -> None:
    """Dump all tables as of one moment (``pg_dump`` reads in one transaction), compressed, without owners."""
    _run(url, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={draft}", "--dbname")
    _run(None, "pg_restore", "--list", str(draft))


def revision(path: Path) -> str | None:
    """At which revision the tables of a backup are."""
    said = _run(None, "pg_restore", "--data-only", "--table=alembic_version", "--file=-", str(path))
    found = REVISION.search(said)
    return found[1] if found else None


def holds(url: str) -> bool:
    """Whether the database has any table already."""
    engine = create_engine(url)
    asked = (
        "SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema'))"
    )
    try:
        with engine.connect() as connection:
            return bool(connection.scalar(text(asked)))
    finally:
        engine.dispose()


def read(path: Path, url: str) -> None:
    """Put everything back in one transaction: whole or not at all."""
    options = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges")
    _run(url, "pg_restore", *options, str(path), "--dbname")


def _run(url: str | None, tool: str, *arguments: str) -> str:
    """What one of PostgreSQL's tools says; the password goes by the environment, where nobody lists it."""
    if shutil.which(tool) is None:
        raise CannotBackUp(
            f"{tool} is not installed: apt-get install postgresql-client (of the server's version or later)"
        )
    command, environment = [tool, *arguments], dict(os.environ)
    if url is not None:
        place, password = _conninfo(url)
        command.append(place)
        environment |= {"PGPASSWORD": password} if password else {}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        said = " ".join(done.stderr.split())[:500] or f"it ended with {done.returncode}"
        raise CannotBackUp(f"{tool} refused: {said}")
    return done.stdout


def _conninfo(url: str) -> tuple[str, str]:
    """(what libpq takes, without the password; the password)."""
    from psycopg.conninfo import make_conninfo

    engine = create_engine(url)
    _, given = engine.dialect.create_connect_args(engine.url)
    password = str(given.pop("password", "") or "")
    return make_conninfo(**{name: value for name, value in given.items() if name != "context"}), password
