"""A real collector over SQLite, and one over PostgreSQL."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from served import Collector, serve
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """An empty database for one running collector."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path_factory.mktemp('served')}/afterword.db"
    server = make_url(request.getfixturevalue("postgresql_server"))
    name = f"served_{uuid.uuid4().hex[:12]}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return server.set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def collector(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collector]:
    """One running collector for all tests here; they bring their own customers."""
    with serve(database, tmp_path_factory.mktemp("company")) as running:
        yield running
