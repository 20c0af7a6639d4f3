"""How a database is opened: SQLite and PostgreSQL, each with this house's settings.

SQLite comes from ``pysqlite3`` where it can: the library in Debian 12 has the WAL-reset bug that can lose
committed writes (see ``docs/decisions/0003-sqlite.md``). Writes begin with ``BEGIN IMMEDIATE``, because a read
transaction that is upgraded later ignores the busy timeout.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import Connection

from collector import idle_connections, patience, turns, write_ahead_log
from collector.turns import NoTurn as NoTurn

PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "busy_timeout=5000",
    "foreign_keys=ON",
    "secure_delete=ON",
    f"journal_size_limit={write_ahead_log.LIMIT}",
)
"""What each connection to SQLite begins with; what is deleted is overwritten too."""
SAFE_SQLITE = (3, 51, 3)


class FileReplaced(Exception):
    """The database's file is not the one that was opened: what is written now would be lost with it."""


def make_engine(url: str, pool_size: int = 16) -> Engine:
    """An engine for ``sqlite:///...`` or ``postgresql+psycopg://...`` with this house's settings."""
    if url.startswith("sqlite"):
        return _sqlite_engine(url, pool_size)
    return _postgresql_engine(url, pool_size)


@contextmanager
def opened(url: str, pool_size: int = 1) -> Iterator[Engine]:
    """An engine for as long as the block; its connections are closed at the end, however that is."""
    engine = make_engine(url, pool_size)
    try:
        yield engine
    finally:
        engine.dispose()


def sqlite_module() -> Any:
    """``pysqlite3`` if installed (a fixed SQLite), else the standard library's module."""
    try:
        from pysqlite3 import dbapi2
    except ImportError:
        import sqlite3 as dbapi2
    return dbapi2


def sqlite_is_safe() -> bool:
    """Whether the SQLite library in use is free of the WAL-reset bug."""
    version: tuple[int, ...] = sqlite_module().sqlite_version_info
    return (
        version >= SAFE_SQLITE
        or (version[:2] == (3, 50) and version[2] >= 7)
        or (version[:2] == (3, 44) and version[2] >= 6)
    )


def _postgresql_engine(url: str, pool_size: int) -> Engine:
    """An engine on which no wait is without end (see ``patience``)."""
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        hide_parameters=True,
        pool_timeout=patience.LOCK,
        connect_args=patience.connect_arguments(),
    )

    @event.listens_for(engine, "do_connect")
    def connect(_dialect: Any, _record: object, arguments: Any, keywords: Any) -> Any:
        made = patience.connection_class().connect(*arguments, **keywords)
        if _is_lent(made):
            made.prepare_threshold = None
        return made

    idle_connections.watch(engine)
    event.listen(engine, "begin", _begin_postgresql)
    return engine


def _begin_postgresql(connection: Connection) -> None:
    """Let each statement of a reader stand for itself: in one transaction, too, each sees what is committed by then.

    BEGIN and ROLLBACK would be two round trips more, and at a ROLLBACK psycopg forgets what it has prepared.
    """
    said = connection.get_execution_options()
    stand_alone(connection, bool(said.get("afterword_looks")) or said.get("isolation_level") == "AUTOCOMMIT")


def stand_alone(connection: Connection, each: bool) -> None:
    """Let each statement stand for itself, or have them all in a transaction: on PostgreSQL a switch of the driver's.

    SQLite's statements stand alone wherever nobody has said BEGIN.
    """
    own: Any = connection.connection.dbapi_connection
    if connection.dialect.name == "postgresql" and own.autocommit is not each:
        own.autocommit = each


def _is_lent(connection: Any) -> bool:
    """Whether a pooler stands between, which lends another server's process to each transaction: no other knows what
    was prepared there. It is seen by the process that answers, which is not the one that greeted."""
    found = connection.execute("SELECT pg_backend_pid()").fetchone()
    connection.rollback()
    return bool(found[0] != connection.info.backend_pid)


def _sqlite_engine(url: str, pool_size: int) -> Engine:
    memory = url in {"sqlite://", "sqlite:///:memory:"}
    # The connection that was used last has the file's newest pages at hand; others read them anew.
    of_a_file = {"pool_size": pool_size, "max_overflow": pool_size, "pool_use_lifo": True}
    pool: dict[str, Any] = {} if memory else of_a_file
    module = sqlite_module()
    arguments = {"timeout": 5, "factory": turns.connection_class(module, turns.Turns())}
    engine = create_engine(
        url, module=module, connect_args=arguments, hide_parameters=True, json_serializer=_json, **pool
    )

    if not memory:
        _keep_private(engine)
        _keep_to_file(engine)

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    event.listen(engine, "begin", _begin)
    return engine


def _json(value: Any) -> str:
    """JSON as SQLite keeps it; most columns of it hold nothing, which need not be worked out."""
    return "[]" if value == [] else "{}" if value == {} else json.dumps(value)


def _begin(connection: Connection) -> None:
    """Begin as a writer, when it is our turn, or as a reader, who waits for nobody; straight at the driver."""
    statement = connection.get_execution_options().get("afterword_begin", "BEGIN IMMEDIATE")
    own: Any = connection.connection.dbapi_connection
    is_writer = statement == "BEGIN IMMEDIATE"
    if is_writer:
        own.take_turn()
    try:
        own.execute(statement)
    except BaseException as error:
        if is_writer:
            own.hand_on()
        connection._handle_dbapi_exception(error, statement, None, None, None)


def _keep_to_file(engine: Engine) -> None:
    """Refuse to go on once the file was removed, or another moved over it, as by a backup put back.

    The other file is not even opened: SQLite would take the first one's write-ahead log for its own, and delete it.
    """
    path = engine.url.database or ""
    opened: list[tuple[int, int]] = []

    def compare(*_given: object) -> None:
        try:
            found = os.stat(path)
        except FileNotFoundError:
            found = None
        identity = (found.st_dev, found.st_ino) if found else None
        if opened and identity != opened[0]:
            raise FileReplaced(
                f"{path} is not the file that was opened; restart the collector to use this one"
            )
        if identity and not opened:
            opened.append(identity)

    event.listen(engine, "do_connect", compare)
    event.listen(engine, "checkout", compare)


def _keep_private(engine: Engine) -> None:
    """Let nobody but the collector's own user read the file; its write-ahead log is made with the same mode."""
    path = engine.url.database or ""

    def make(*_given: object) -> None:
        if not os.path.exists(path) and os.path.isdir(os.path.dirname(path) or "."):
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))

    event.listen(engine, "do_connect", make)
