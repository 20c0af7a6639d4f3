"""A database of the host's, with the outbox's table in it, and a relay that delivers from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from afterword import Client
from afterword.transactional.relay import Relay
from afterword.transactional.sqlalchemy import create_table, metadata
from sqlalchemy import create_engine, event, text
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
