"""The table may lie in a schema of its own, made by Alembic or by the relay, and by several sessions and binds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from afterword import Client, ConfigurationError
from afterword.transactional import sqlalchemy as outbox
from afterword.transactional.relay import Relay
from afterword.transactional.sqlalchemy import define_table
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Column, MetaData, String, Table, create_engine, event, text
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session
from tests.sdk_python.transactional.conftest import order


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
