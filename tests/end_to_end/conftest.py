"""A real collector over SQLite, and one over PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator

import own_postgresql
import pytest
from served import Collector, serve


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An empty database for one running collector."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('served')}/afterword.db"
        return
    with own_postgresql.beside(request.getfixturevalue("postgresql_server"), "served") as url:
        yield url


@pytest.fixture(scope="session")
def collector(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collector]:
    """One running collector for all tests here; they bring their own customers."""
    with serve(database, tmp_path_factory.mktemp("company")) as running:
        yield running
