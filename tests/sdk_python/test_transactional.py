"""The trigger shares the fate of the caller's transaction, on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from afterword import Client, ConfigurationError, InvalidType, Problem
from afterword.transactional import sqlalchemy as outbox
from afterword.transactional import statements
from afterword.transactional.relay import Relay
from afterword.transactional.source import TableSource
from afterword.transactional.sqlalchemy import create_table, define_table, metadata
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Column, MetaData, String, Table, create_engine, event, text
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session


def honest_savepoints(engine: Engine) -> None:
    """Let SQLAlchemy, not sqlite3, begin transactions: the recipe of its manual for savepoints on SQLite."""

    @event.listens_for(engine, "connect")
    def connect(connection: Any, record: object) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode = WAL")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN")


class Hesitating:
    """A DB-API connection (or its cursor) that lets something else happen just before its first UPDATE."""

    def __init__(self, inner: Any, meanwhile: list[Callable[[], None]]) -> None:
        self._inner, self._meanwhile = inner, meanwhile

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def cursor(self) -> Hesitating:
        return Hesitating(self._inner.cursor(), self._meanwhile)

    def execute(self, statement: str, *values: Any) -> None:
        if statement.startswith("UPDATE") and self._meanwhile:
            self._meanwhile.pop()()
        self._inner.execute(statement, *values)


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    if request.param == "sqlite":
        engine = create_engine(f"sqlite:///{tmp_path / 'shop.db'}")
        honest_savepoints(engine)
    else:
        engine = create_engine(request.getfixturevalue("sdk_postgresql_url"))
    create_table(engine)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE orders (name VARCHAR(40))"))
    yield engine
    metadata.drop_all(engine)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE orders"))
    engine.dispose()


@pytest.fixture
def relay(engine: Engine, sink: Any, api_key: str) -> Iterator[Relay]:
    relay = Relay(engine, sink.url, api_key=api_key, poll=0.05)
    yield relay
    relay.stop()


@pytest.fixture
def client(make_client: Callable[..., Client]) -> Client:
    return make_client(outbox=None)


def order(client: Client, session: Session, name: str) -> None:
    session.execute(text("INSERT INTO orders (name) VALUES (:name)"), {"name": name})
    client.trigger_survey("order-confirmed", transaction=name, session=session)


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


def test_several_relays_deliver_each_row_once(
    engine: Engine, client: Client, sink: Any, api_key: str
) -> None:
    with Session(engine) as session:
        for number in range(2_000):
            client.trigger_survey("order-confirmed", transaction=f"t{number}", session=session)
        session.commit()
    relays = [Relay(engine, sink.url, api_key=api_key) for _ in range(4)]
    threads = [threading.Thread(target=relay.drain, args=(30,)) for relay in relays]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(sink.transactions()) == sorted(f"t{number}" for number in range(2_000))
    assert sink.received == 2_000
    assert sum(relay.stats().delivered for relay in relays) == 2_000


def test_a_cancellation_between_look_and_claim_overtakes_nothing(engine: Engine, client: Client) -> None:
    def cancel() -> None:
        with Session(engine) as session:
            client.cancel_survey(transaction="one", session=session)
            order(client, session, "two")
            session.commit()

    meanwhile = [cancel]
    first = TableSource(engine.raw_connection)
    second = TableSource(lambda: Hesitating(engine.raw_connection(), meanwhile))
    with Session(engine) as session:
        order(client, session, "one")
        session.commit()
    held = first.take(500)
    assert [row.kind for row in held] == ["trigger"]
    assert second.take(500) == []
    assert meanwhile == []
    first.delivered(held)
    assert [row.kind for row in second.take(500)] == ["cancel"]


def test_the_thread_delivers_without_being_asked(
    engine: Engine, relay: Relay, client: Client, sink: Any, wait_until: Callable[..., bool]
) -> None:
    relay.start()
    for name in ("one", "two"):
        with Session(engine) as session:
            order(client, session, name)
            session.commit()
        assert wait_until(lambda wanted=name: wanted in sink.transactions())


def test_refused_rows_stay_in_the_table_with_the_reason(
    engine: Engine, relay: Relay, client: Client, sink: Any
) -> None:
    with Session(engine) as session:
        client.trigger_survey("bad", transaction="bad", session=session)
        order(client, session, "good")
        session.commit()
    assert relay.drain()
    assert sink.transactions() == ["good"]
    assert relay.stats().dead == 1
    with engine.connect() as connection:
        status, reason = connection.execute(text("SELECT status, reason FROM afterword_outbox")).one()
    assert status == 422
    assert "not to the taste" in reason
    assert relay.retry_dead_letters() == 1
    assert relay.stats().queued == 1


def test_a_database_out_of_order_is_told_and_tried_again(
    sink: Any, api_key: str, tmp_path: Path, wait_until: Callable[..., bool]
) -> None:
    problems: list[Problem] = []
    engine = create_engine(f"sqlite:///{tmp_path / 'shop.db'}")
    relay = Relay(engine, sink.url, api_key=api_key, poll=0.05, on_error=problems.append)
    relay.start()
    assert wait_until(lambda: problems)
    assert problems[0].code == "delivery_failed"
    assert "no such table" in problems[0].message
    relay.create_table()
    with engine.begin() as connection, Client(sink.url, api_key=api_key, outbox=None) as client:
        client.trigger_survey("order-confirmed", transaction="one", session=connection)
    assert wait_until(lambda: sink.transactions() == ["one"])
    relay.stop()
    engine.dispose()


def test_rows_wait_while_the_collector_is_down(
    engine: Engine, relay: Relay, client: Client, sink: Any
) -> None:
    sink.stop()
    with Session(engine) as session:
        order(client, session, "one")
        session.commit()
    assert not relay.drain(0.2)
    assert relay.stats().queued == 1
    sink.start()
    assert relay.drain()
    assert sink.transactions() == ["one"]


def test_the_command_delivers_once_or_until_it_is_told_to_end(
    engine: Engine, client: Client, sink: Any, api_key: str, wait_until: Callable[..., bool]
) -> None:
    address = engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "afterword.relay", "--database-url", address, "--url", sink.url]
    environment = {**os.environ, "AFTERWORD_API_KEY": api_key}
    with Session(engine) as session:
        order(client, session, "one")
        session.commit()
    once = subprocess.run(
        [*command, "--once", "--create-table"], env=environment, capture_output=True, text=True, timeout=60
    )
    assert (once.returncode, once.stdout) == (0, "delivered 1, refused 0, waiting 0\n"), once.stderr
    running = subprocess.Popen(
        [*command, "--poll", "0.05"], env=environment, stdout=subprocess.PIPE, text=True
    )
    assert running.stdout is not None
    assert running.stdout.readline() == "afterword-relay: running\n"
    with Session(engine) as session:
        order(client, session, "two")
        session.commit()
    assert wait_until(lambda: "two" in sink.transactions())
    time.sleep(0.2)
    running.terminate()
    assert running.communicate(timeout=20)[0] == "delivered 1, refused 0, waiting 0\n"
    assert running.returncode == 0


def test_the_command_says_what_is_missing() -> None:
    environment = {"PYTHONPATH": os.environ.get("PYTHONPATH", "")}
    said = subprocess.run(
        [sys.executable, "-m", "afterword.relay"], env=environment, capture_output=True, text=True, timeout=60
    )
    assert said.returncode == 2
    assert said.stderr == "afterword-relay: --database-url is missing\n"


def test_something_else_is_no_session(client: Client) -> None:
    with pytest.raises(InvalidType) as refusal:
        client.trigger_survey("order-confirmed", session="default")
    assert refusal.value.code == "bad_session"


def test_alembic_can_create_and_drop_the_table(tmp_path: Path) -> None:
    from afterword.transactional.sqlalchemy import downgrade, upgrade
    from alembic.migration import MigrationContext
    from alembic.operations import Operations
    from sqlalchemy import inspect

    engine = create_engine(f"sqlite:///{tmp_path / 'migrated.db'}")
    with engine.begin() as connection:
        operations = Operations(MigrationContext.configure(connection))
        upgrade(operations)
        assert {column["name"] for column in inspect(connection).get_columns("afterword_outbox")} >= {
            "id",
            "body",
        }
        downgrade(operations)
        assert "afterword_outbox" not in inspect(connection).get_table_names()
    engine.dispose()


def put(engine: Engine, kind: str, body: str, name: str = "x") -> None:
    with engine.begin() as connection:
        values = {"kind": kind, "body": body, "name": name}
        connection.execute(
            text(
                "INSERT INTO afterword_outbox (kind, item_id, body, created_at) VALUES (:kind, :name, :body, 0)"
            ),
            values,
        )


def test_rows_that_this_version_cannot_read_are_set_aside(
    engine: Engine, relay: Relay, client: Client, sink: Any
) -> None:
    put(engine, "response", "{}")  # written by a later version, during a rolling upgrade
    put(engine, "cancel", "{")
    put(engine, "erase", "7")
    put(engine, "trigger", "no JSON")
    sink.fault = refuse_what_is_no_json
    with Session(engine) as session:
        for number in range(5):
            order(client, session, f"o-{number}")
        session.commit()
    assert relay.drain()
    assert sink.transactions() == [f"o-{number}" for number in range(5)]
    assert {letter.kind for letter in relay.dead_letters()} == {"response", "cancel", "erase", "trigger"}
    assert "unknown kind 'response'" in " ".join(letter.reason for letter in relay.dead_letters())
    assert (relay.stats().delivered, relay.stats().dead) == (5, 4)


def refuse_what_is_no_json(handler: Any, sink: Any, what: str, body: Any) -> bool:
    if body is not None:
        return False
    handler.answer(400, {"status": 400, "code": "malformed_body"})
    return True


def test_dead_letters_can_be_purged(engine: Engine, relay: Relay) -> None:
    for name in ("old", "young"):
        put(engine, "response", "{}", name)
    assert relay.drain()
    with engine.begin() as connection:
        connection.execute(text("UPDATE afterword_outbox SET failed_at = 1000000000 WHERE item_id = 'old'"))
    assert relay.purge_dead_letters(older_than=86_400) == 1
    assert [letter.id for letter in relay.dead_letters()] == ["young"]


def test_the_first_barrier_is_found_by_an_index_of_its_own(engine: Engine) -> None:
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(
                text(
                    "INSERT INTO afterword_outbox (kind, item_id, body, created_at)"
                    " SELECT 'trigger', i, '{}', 0 FROM generate_series(1, 20000) i"
                )
            )
            connection.execute(text("ANALYZE afterword_outbox"))
        explain = "EXPLAIN" if engine.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
        plan = connection.execute(text(f"{explain} {statements.FIRST_BARRIER}")).fetchall()
    assert "ix_afterword_outbox_barrier" in str(plan)


def test_a_lease_from_before_the_clock_was_set_back_has_lapsed(
    engine: Engine, relay: Relay, client: Client, sink: Any
) -> None:
    with Session(engine) as session:
        order(client, session, "one")
        session.commit()
    with engine.begin() as connection:
        held = "UPDATE afterword_outbox SET claimed_by = 'another', claimed_until = :until"
        connection.execute(text(held), {"until": time.time() + 86_400})
    assert relay.drain(5)
    assert sink.transactions() == ["one"]


def test_the_relay_says_since_when_rows_wait(engine: Engine, relay: Relay, client: Client) -> None:
    assert relay.stats().oldest_age is None
    put(engine, "trigger", "{}")
    assert (relay.stats().oldest_age or 0) > 1_000_000


@pytest.fixture
def shop_metadata(engine: Engine) -> Iterator[MetaData]:
    """Metadata with the table in a schema of its own: an attached file on SQLite."""
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            connection.execute(text("CREATE SCHEMA shop"))
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def attach(connection: Any, record: object) -> None:
            connection.execute(f"ATTACH '{engine.url.database}.shop' AS shop")

        engine.dispose()
    own = MetaData(schema="shop")
    table = define_table(own)
    own.create_all(engine)
    yield own
    own.drop_all(engine)
    outbox._defined.discard(table)
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            connection.execute(text("DROP SCHEMA shop CASCADE"))


def test_a_table_in_a_schema_is_used_by_trigger_and_relay(
    engine: Engine, shop_metadata: MetaData, client: Client, sink: Any, api_key: str
) -> None:
    with Session(engine) as session:
        order(client, session, "one")
        session.commit()
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM shop.afterword_outbox")).scalar() == 1
    relay = Relay(engine, sink.url, api_key=api_key, table="shop.afterword_outbox")
    relay.create_table()  # it is there already, with its indexes
    assert relay.drain()
    assert sink.transactions() == ["one"]


def test_a_schema_may_be_made_by_the_relay(engine: Engine, shop_metadata: MetaData, api_key: str) -> None:
    shop_metadata.drop_all(engine)
    relay = Relay(engine, "http://127.0.0.1:9", api_key=api_key, table="shop.afterword_outbox")
    relay.create_table()
    assert relay.stats().queued == 0


def test_of_two_schemas_nobody_guesses(engine: Engine, shop_metadata: MetaData, client: Client) -> None:
    other = define_table(MetaData(), schema="billing")
    with Session(engine) as session, pytest.raises(ConfigurationError, match=r"billing.*shop") as caught:
        order(client, session, "one")
    assert caught.value.code == "ambiguous_table"
    outbox._defined.discard(other)


def test_schema_translate_map_is_followed(
    engine: Engine, shop_metadata: MetaData, client: Client, sink: Any, api_key: str
) -> None:
    own = MetaData()
    outbox._defined.clear()
    table = define_table(own)
    tenant = engine.execution_options(schema_translate_map={None: "shop"})
    with Session(tenant) as session:
        client.trigger_survey("order-confirmed", transaction="one", session=session)
        session.commit()
    assert Relay(engine, sink.url, api_key=api_key, table="shop.afterword_outbox").drain()
    assert sink.transactions() == ["one"]
    outbox._defined.discard(table)


def test_a_session_with_binds_works_or_says_what_it_needs(
    engine: Engine, relay: Relay, client: Client, sink: Any
) -> None:
    orders = Table("orders", MetaData(), Column("name", String(40)))
    with Session(binds={orders: engine}) as session, pytest.raises(ConfigurationError) as caught:
        client.trigger_survey("order-confirmed", transaction="one", session=session)
    assert caught.value.code == "unbound_table"
    with Session(binds={orders: engine, outbox.outbox_table: engine}) as session:
        client.trigger_survey("order-confirmed", transaction="two", session=session)
        session.commit()
    assert relay.drain()
    assert sink.transactions() == ["two"]


@pytest.mark.parametrize("name", ["", "a.b.c", "a b", 'x"; DROP TABLE orders; --', "1st"])
def test_a_name_that_is_none_is_refused(name: str, engine: Engine, api_key: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Relay(engine, "http://127.0.0.1:9", api_key=api_key, table=name)
    assert caught.value.code == "bad_table"


def test_autogenerate_leaves_the_table_alone(engine: Engine, shop_metadata: MetaData) -> None:
    with engine.connect() as connection:

        def proposals(**options: Any) -> str:
            context = MigrationContext.configure(connection, opts=options)
            return str(compare_metadata(context, MetaData()))

        assert "afterword_outbox" in proposals()
        assert "afterword_outbox" not in proposals(include_object=outbox.include_object)
        assert "orders" in proposals(include_object=outbox.include_object)
        context = MigrationContext.configure(connection)
        assert "afterword" not in str(compare_metadata(context, outbox.metadata))
