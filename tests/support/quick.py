"""What makes the suite quick without making it laxer: one app, one engine and one database for each test process.

Building an app takes 90 ms and warming an engine's cache of statements as long; a test that only needs a fresh
database gets the built ones bound to it. A password's hash is as dear in production as argon2 makes it
(``tests/shape/test_passwords.py``), and cheap here.
"""

from __future__ import annotations

import dataclasses
import gc
import shutil
from functools import cache
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.schema import Table

CHEAP = {"time_cost": 1, "memory_cost": 8, "parallelism": 1}
UNHURRIED = 30.0
"""Seconds to wait for an answer of a database that other tests use as well."""
MANY = 1000
"""Above so many rows a table is truncated, which costs its files, rather than emptied row by row."""
YOUNG, MIDDLE, OLD = 50_000, 20, 50
"""How many objects are made before the collector of garbage looks for circles among them, and among older ones."""


def collect_garbage_rarely() -> None:
    """Nine thousand tests and a whole product are millions of objects, looked through again for each few that are made."""
    gc.set_threshold(YOUNG, MIDDLE, OLD)


def keep_what_is_here() -> None:
    """Never look again through what was imported and collected: it stays until the process ends."""
    gc.collect()
    gc.freeze()


def hash_passwords_cheaply() -> None:
    """Change argon2's defaults, and the hasher that the collector made with them when it was imported."""
    from collector.workspaces import passwords

    names = PasswordHasher.__init__.__code__.co_varnames[1:]
    defaults = PasswordHasher.__init__.__defaults__ or ()
    PasswordHasher.__init__.__defaults__ = tuple(  # type: ignore[attr-defined]
        CHEAP.get(name, given) for name, given in zip(names, defaults, strict=False)
    )
    passwords._hasher = PasswordHasher()


def wait_longer_for_postgresql() -> None:
    """Let a busy machine answer late: what is to be seen of an end to waiting has tests that set their own."""
    from collector import patience

    patience.REQUEST, patience.CONNECT = UNHURRIED, int(UNHURRIED)


@cache
def engine(url: str) -> Engine:
    """This process's engine for a database; ``dispose`` closes its connections and keeps its statements."""
    from collector import db

    made = db.make_engine(url)
    if made.dialect.name == "sqlite":
        event.listen(made, "connect", _trust_the_machine)
    return made


def app(config: Any, engine: Engine, now: Any, is_testing: bool = True) -> Flask:
    """This process's app for such settings, bound to a test's database and clock, its counters at zero.

    ``is_testing``: what is raised reaches the test; without it, it is answered as in service.
    """
    from collector.service.app import bind

    made = _built(dataclasses.replace(config, database_url=""), is_testing)
    bind(made, config, engine, now)
    return made


@cache
def _built(config: Any, is_testing: bool) -> Flask:
    from collector.service.app import create_app

    made = create_app(dataclasses.replace(config, database_url="sqlite:///:memory:"))
    made.testing = is_testing
    return made


def renew_sqlite(template: Path, path: Path) -> None:
    """Put an empty, migrated database into the last test's file: another file would be refused (``db.FileReplaced``)."""
    for leftover in (path.with_name(path.name + end) for end in ("-wal", "-shm")):
        leftover.unlink(missing_ok=True)
    shutil.copy(template, path)


def empty_postgresql(url: str, tables: list[Table]) -> None:
    """Leave no row behind: most tables are empty, and asking is a hundred times cheaper than truncating."""
    with _autocommit(url).connect() as connection:
        connection.execute(text(_emptying(tuple(table.name for table in reversed(tables)))))


@cache
def _autocommit(url: str) -> Engine:
    return create_engine(url, isolation_level="AUTOCOMMIT", pool_size=1)


@cache
def _emptying(names: tuple[str, ...]) -> str:
    each = (
        f'IF EXISTS (SELECT FROM "{name}" OFFSET {MANY}) THEN TRUNCATE "{name}" CASCADE;'
        f' ELSIF EXISTS (SELECT FROM "{name}") THEN DELETE FROM "{name}"; END IF;'
        for name in names
    )
    return "DO $$ BEGIN " + " ".join(each) + " END $$"


def _trust_the_machine(connection: Any, _record: object) -> None:
    """No test pulls the plug of this process; those that kill one open their own database."""
    connection.execute("PRAGMA synchronous=OFF")
