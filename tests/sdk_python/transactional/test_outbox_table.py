"""The trigger shares the fate of the caller's transaction, on SQLite and on PostgreSQL."""

from __future__ import annotations

import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from afterword import Client, InvalidType
from afterword.transactional.relay import Relay
from sqlalchemy import text
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session
from tests.sdk_python.transactional.conftest import order


def test_a_committed_order_triggers(engine: Engine, relay: Relay, client: Client, sink: Any) -> None:
    with Session(engine) as session:
        order(client, session, "one")
        session.commit()
    assert relay.drain()
    assert sink.transactions() == ["one"]
    assert client.stats().accepted == 0
    assert (relay.stats().delivered, relay.stats().queued) == (1, 0)


def test_an_order_that_rolled_back_triggers_nothing(
    engine: Engine, relay: Relay, client: Client, sink: Any
) -> None:
    with Session(engine) as session:
        order(client, session, "one")
        session.rollback()
        order(client, session, "two")
        session.commit()
    assert relay.drain()
    assert sink.transactions() == ["two"]


def test_a_savepoint_that_rolled_back_triggers_nothing(
    engine: Engine, relay: Relay, client: Client, sink: Any
) -> None:
    with Session(engine) as session:
        order(client, session, "kept")
        savepoint = session.begin_nested()
        order(client, session, "undone")
        inner = session.begin_nested()
        order(client, session, "undone with it")
        inner.commit()
        savepoint.rollback()
        with session.begin_nested():
            order(client, session, "kept too")
        session.commit()
    assert relay.drain()
    assert sink.transactions() == ["kept", "kept too"]


def test_nothing_leaves_before_the_commit(engine: Engine, relay: Relay, client: Client, sink: Any) -> None:
    with Session(engine) as session:
        order(client, session, "one")
        assert relay.drain()
        assert sink.transactions() == []
        session.commit()
    assert relay.drain()
    assert sink.transactions() == ["one"]


def test_a_crash_between_commit_and_relay_loses_nothing(
    engine: Engine, relay: Relay, host: Callable[..., subprocess.Popen[str]], sink: Any
) -> None:
    address = engine.url.render_as_string(hide_password=False)
    process = host("commit_and_die.py", address)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == -9, errors
    assert relay.drain()
    assert sink.transactions() == [f"t{number}" for number in range(20)]
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM orders")).scalar() == 20


def test_interactions_and_cancellations_go_the_same_way(
    engine: Engine, relay: Relay, client: Client, sink: Any
) -> None:
    with Session(engine) as session:
        order(client, session, "one")
        client.record_interaction("order-confirmed", session=session)
        client.cancel_survey(transaction="one", session=session)
        client.erase_customer("c-1", session=session)
        order(client, session, "two")
        session.commit()
    assert relay.drain()
    assert sink.order[0] == "one"
    assert sink.order[1] == "cancel one"
    assert sink.order[2].startswith("erase cu_")
    assert sink.order[3] == "two"
    assert len(sink.interactions) == 1


def test_a_core_connection_serves_as_well(engine: Engine, relay: Relay, client: Client, sink: Any) -> None:
    with engine.begin() as connection:
        client.trigger_survey("order-confirmed", transaction="one", session=connection)
    assert relay.drain()
    assert sink.transactions() == ["one"]


def test_a_plain_dbapi_connection_serves_as_well(
    engine: Engine, relay: Relay, client: Client, sink: Any
) -> None:
    connection = engine.raw_connection()
    driver = connection.driver_connection
    client.trigger_survey("order-confirmed", transaction="undone", session=driver)
    driver.rollback()  # type: ignore[union-attr]
    cursor = driver.cursor()  # type: ignore[union-attr]
    cursor.execute("BEGIN")
    client.trigger_survey("order-confirmed", transaction="one", session=driver)
    driver.commit()  # type: ignore[union-attr]
    cursor.close()
    connection.close()
    assert relay.drain()
    assert "one" in sink.transactions()
    if engine.dialect.name == "postgresql":
        assert sink.transactions() == ["one"]


def test_a_subclass_of_a_drivers_connection_serves_as_well(
    client: Client, sink: Any, api_key: str, tmp_path: Path
) -> None:
    class Traced(sqlite3.Connection):
        pass

    def connect() -> Traced:
        return sqlite3.connect(tmp_path / "shop.db", factory=Traced)

    relay = Relay(connect, sink.url, api_key=api_key)
    relay.create_table()
    with closing(connect()) as connection, connection:
        client.trigger_survey("order-confirmed", transaction="one", session=connection)
    assert relay.drain()
    assert sink.transactions() == ["one"]


def test_something_else_is_no_session(client: Client) -> None:
    with pytest.raises(InvalidType) as refusal:
        client.trigger_survey("order-confirmed", session="default")
    assert refusal.value.code == "bad_session"
