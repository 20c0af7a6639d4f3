"""Databases that earlier versions wrote: brought to this one, and written to by their programs beside this one's.

``written/NNNN.sql.xz`` is what ``sqlite3``'s dump gives of a database at that revision, made by the program of that day: a
company with a few answers, insights and people. A release adds its own.
"""

from __future__ import annotations

import lzma
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import quick
from sqlalchemy import Connection, Engine, inspect, select, text
from sqlalchemy.orm import Session

from collector import clock, db, kpis, migrations, workspaces
from collector.config import load
from collector.responses import Response

WRITTEN = sorted((Path(__file__).parent / "written").glob("*.sql.xz"))
REVISIONS = [path.name[:4] for path in WRITTEN]
OF_THE_HOUSE = {"alembic_version", "compatible_since"}
Rows = dict[str, tuple[list[str], list[tuple[Any, ...]]]]
"""Table -> its columns, its rows."""


def rows_of(revision: str) -> Rows:
    """What the program of a revision had stored."""
    dump = lzma.decompress((Path(__file__).parent / f"written/{revision}.sql.xz").read_bytes()).decode()
    with closing(sqlite3.connect(":memory:")) as file:
        file.executescript(dump)
        names = [row[0] for row in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found: Rows = {}
        for name in sorted(set(names) - OF_THE_HOUSE):
            cursor = file.execute(f'SELECT * FROM "{name}"')
            found[name] = ([column[0] for column in cursor.description], cursor.fetchall())
    return found


def store(engine: Engine, rows: Rows) -> None:
    """Write them as that program does: it names its own columns, and knows no others."""
    with engine.begin() as connection:
        is_postgresql = connection.dialect.name == "postgresql"
        if is_postgresql:  # in whatever order: what refers to what was checked when it was first written
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            connection.execute(text("SET LOCAL TIME ZONE 'UTC'"))
        else:
            connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        for table, (columns, values) in rows.items():
            if values:
                _insert(connection, table, columns, values, is_postgresql)


def _insert(
    connection: Connection, table: str, columns: list[str], values: list[tuple[Any, ...]], is_postgresql: bool
) -> None:
    kinds = {each["name"]: each["type"] for each in inspect(connection).get_columns(table)}
    assert set(columns) <= kinds.keys(), f"{table}: a column went that the program before reads"
    places = [
        f"CAST(:c{n} AS {kinds[name].compile(connection.dialect)})" if is_postgresql else f":c{n}"
        for n, name in enumerate(columns)
    ]
    named = ", ".join(f'"{name}"' for name in columns)
    statement = text(f'INSERT INTO "{table}" ({named}) VALUES ({", ".join(places)})')
    connection.execute(
        statement, [{f"c{n}": _sent(value, is_postgresql) for n, value in enumerate(row)} for row in values]
    )


def _sent(value: Any, is_postgresql: bool) -> Any:
    return value if value is None or isinstance(value, bytes) or not is_postgresql else str(value)


def check_that_this_version_works_with(url: str, rows: Rows) -> None:
    """Figures, pages of the API and a new key, over what an earlier version wrote."""
    config = load({"AFTERWORD_DATABASE_URL": url, "AFTERWORD_SECRET_KEY": "s" * 40})
    with db.opened(url) as engine:
        with db.make_sessions(engine).begin() as session:
            company = session.scalars(select(workspaces.Workspace)).one()
            key = workspaces.mint_key(session, company, "admin", "test", clock.FixedClock()()).text
            assert answers_in_figures(session, company.workspace_id) == len(rows["response"][1]) > 10
        http = quick.app(config, engine, clock.FixedClock()).test_client()
        for path in ("journeys", "touchpoints", "surveys", "insights", "signals", "verdicts", "decisions"):
            with http.get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {key}"}) as answer:
                assert (path, answer.status_code) == (path, 200)


def answers_in_figures(session: Session, workspace_id: Any) -> int:
    found = 0
    for metric in kpis.METRICS:
        for target in ("touchpoint", "journey", "interaction"):
            for source in set(session.scalars(select(Response.source))):
                chosen = kpis.Slice(metric, target=target, sources=(source,))
                found += sum(kpis.merge(kpis.read_cells(session, workspace_id, chosen)).values())
    return found


@pytest.mark.parametrize("revision", REVISIONS)
def test_what_an_earlier_version_wrote_is_brought_to_this_one(empty_url: str, revision: str) -> None:
    rows = rows_of(revision)
    migrations.upgrade(empty_url, revision)
    with db.opened(empty_url) as engine:
        store(engine, rows)
    assert migrations.upgrade(empty_url)
    check_that_this_version_works_with(empty_url, rows)


@pytest.mark.parametrize("revision", REVISIONS)
def test_an_earlier_program_writes_into_tables_of_this_version(empty_url: str, revision: str) -> None:
    """Side by side, amid a rolling upgrade: unless a revision since has said that this no longer goes."""
    migrations.upgrade(empty_url)
    with db.opened(empty_url) as engine:
        with engine.connect() as connection:
            since = connection.scalar(text("SELECT revision FROM compatible_since"))
        if since is not None and revision < since:
            return  # which its program says in one line, and does not start: see test_guard
        rows = rows_of(revision)
        store(engine, rows)
    check_that_this_version_works_with(empty_url, rows)
