"""Connections to PostgreSQL: pinged where there is reason to, and one who only looks opens no transaction."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text

from collector import db, idle_connections


@pytest.fixture
def server(postgresql_url: str) -> Iterator[Engine]:
    with db.opened(postgresql_url, 2) as engine:
        yield engine


@pytest.fixture
def pings(server: Engine, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Which connections were pinged."""
    found: list[Any] = []
    dialect: Any = server.dialect
    ping = dialect.do_ping

    def noted(connection: Any) -> bool:
        found.append(connection)
        return bool(ping(connection))

    monkeypatch.setattr(dialect, "do_ping", noted)
    return found


def pid(connection: Connection) -> int:
    return int(connection.execute(text("SELECT pg_backend_pid()")).scalar_one())


def test_one_that_was_used_just_now_is_taken_as_it_is(
    server: Engine, pings: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idle_connections, "AT_ONCE", float("inf"))
    for _ in range(2):
        with server.connect() as connection:
            pid(connection)
    assert not pings
    monkeypatch.setattr(idle_connections, "AT_ONCE", 0)
    with server.connect() as connection:
        pid(connection)
    assert len(pings) == 1


def test_one_that_the_server_has_ended_is_never_met(
    server: Engine, pings: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """However short a time it has lain: what the server said is there to be heard."""
    monkeypatch.setattr(idle_connections, "AT_ONCE", float("inf"))
    with server.connect() as other:
        with server.connect() as connection:
            ended = pid(connection)
        assert other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": ended}).scalar_one()
        with server.connect() as connection:
            assert pid(connection) != ended
    assert len(pings) == 1


def test_who_only_looks_opens_no_transaction(server: Engine) -> None:
    """And whoever has the connection next has one again, in which nothing stands before it is committed."""
    sessions = db.make_sessions(server)
    for _ in range(2):
        with db.make_readers(sessions)() as reader:
            reader.execute(text("SELECT 1"))
            assert not _own(reader.connection()).info.transaction_status
        with sessions() as writer:
            writer.execute(text("CREATE TABLE passing (n int)"))
            writer.rollback()
            assert writer.execute(text("SELECT to_regclass('passing')")).scalar_one() is None
            assert _own(writer.connection()).info.transaction_status


def test_what_a_reader_asks_again_and_again_is_prepared(server: Engine) -> None:
    readers = db.make_readers(db.make_sessions(server))
    for _ in range(8):
        with readers() as reader:
            reader.execute(text("SELECT 42"))
    with readers() as reader:
        known = reader.execute(text("SELECT statement FROM pg_prepared_statements")).scalars().all()
    assert "SELECT 42" in known


def _own(connection: Connection) -> Any:
    return connection.connection.dbapi_connection
