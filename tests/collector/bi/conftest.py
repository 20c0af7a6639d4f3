"""The demo's company with the views over it, on both databases, and PostgreSQL as the role sees it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime

import own_postgresql
import pytest
from sqlalchemy import Engine, create_engine, select, text, update
from sqlalchemy.engine import make_url

from collector import bi, db, kpis, migrations
from collector.demo import seed
from collector.responses import Response

NOW = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)
ROLE = f"bi_reader_{uuid.uuid4().hex[:8]}"
"""Roles are the server's, which the run's processes share."""


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def demo_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database with the demo's company and the views, made once."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('bi')}/demo.db"
        migrations.upgrade(url)
        _fill(url)
        yield url
        return
    server = request.getfixturevalue("postgresql_server")
    with own_postgresql.migrated(server, migrations.upgrade) as url:
        _fill(url)
        yield url
    engine = create_engine(server)
    with engine.begin() as connection:
        connection.execute(text(f"DROP ROLE {ROLE}"))
    engine.dispose()


@pytest.fixture
def demo(demo_url: str) -> Iterator[Engine]:
    with db.opened(demo_url) as made:
        yield made


@pytest.fixture
def reader(demo_url: str) -> Iterator[Engine]:
    """PostgreSQL as the role sees it."""
    if demo_url.startswith("sqlite"):
        pytest.fail("SQLite has no roles")
    made = create_engine(make_url(demo_url).set(username=ROLE, password="x"))
    yield made
    made.dispose()


def _fill(url: str) -> None:
    with db.opened(url) as engine:
        _fill_in(engine)


def _fill_in(engine: Engine) -> None:
    with db.make_sessions(engine).begin() as session:
        company = seed.open_workspace(session, NOW).workspace
        seed.fill(session, company, NOW, scale=0.04)
        while kpis.rollups.count(session, NOW):
            pass
        newest = select(Response.response_id).order_by(Response.occurred_at.desc()).limit(40)
        ids = list(session.scalars(newest))
        kpis.rollups.uncount(session, Response.response_id.in_(ids))  # as answers of the last minute are
        session.execute(update(Response).where(Response.response_id.in_(ids)).values(counted_at=None))
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"CREATE ROLE {ROLE} LOGIN PASSWORD 'x'"))
            bi.install(connection, role=ROLE)
        else:
            bi.install(connection)
