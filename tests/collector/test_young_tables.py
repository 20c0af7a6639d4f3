"""On PostgreSQL the first thousands of rows come in as cheaply as the later ones, whoever has analysed nothing yet."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import own_postgresql
import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, Text, column, text

from collector import db, young_tables
from collector.config import Config
from collector.migrations import upgrade
from collector.service import worker

BATCH, BATCHES = 100, 20
READ = """
    SELECT sum(idx_tup_read) + (SELECT sum(seq_tup_read) FROM pg_stat_user_tables WHERE relname = :name)
    FROM pg_stat_user_indexes WHERE relname = :name
"""
ROWS = 1_000


@pytest.fixture
def database_url(postgresql_server: str) -> Iterator[str]:
    """A database that nobody has filled or analysed before."""
    with own_postgresql.migrated(postgresql_server, upgrade) as url:
        yield url


@pytest.fixture
def job(config: Config) -> Any:
    return next(job for job in worker.jobs_of(config) if job.name == "analyse young tables")


def count_now(engine: Engine) -> None:
    """Have the server's own counts told at once; else they come up to a second later."""
    with ExitStack() as opened:
        for _ in range(engine.pool.checkedin()):  # type: ignore[attr-defined]
            connection = opened.enter_context(engine.connect())
            connection.execute(text("SELECT pg_stat_force_next_flush()"))


def read_of(engine: Engine, name: str) -> int:
    """How many rows of a table were read so far, by whichever index."""
    count_now(engine)
    with engine.connect() as connection:
        return int(connection.execute(text(READ), {"name": name}).scalar_one())


def a_batch(client: FlaskClient, headers: dict[str, str], batch: int) -> list[str]:
    """A call of triggers; the invitations' tokens."""
    where = {"touchpoint": "order-confirmed", "journey": "first-order", "channel": "web"}
    names = [f"{batch}-{number}" for number in range(BATCH)]
    triggers = [{**where, "customer": f"c-{name}", "transaction": f"t-{name}"} for name in names]
    made = client.post("/api/v1/triggers", json={"triggers": triggers}, headers=headers)
    assert made.status_code == 200, made.text
    return [each["invitation"]["token"] for each in made.json["decisions"]]


def answer(client: FlaskClient, token: str) -> None:
    body = {"token": token, "response_id": str(uuid.uuid4()), "answers": {"score": 9}}
    assert client.post("/w/v1/responses", json=body).status_code == 201


def test_what_is_checked_of_a_row_does_not_grow_with_the_table(
    client: FlaskClient, company: Any, keys: dict[str, Any], engine: Engine, job: Any, time: Any
) -> None:
    """On one connection, whose plans were made while the tables were empty; the worker looks after each call."""
    sessions, before = db.make_sessions(engine), {}
    for batch in range(BATCHES):
        tokens = a_batch(client, keys["server"], batch)
        for token in tokens[:25]:
            answer(client, token)
        count_now(engine)
        worker.run_job(job, sessions, time)
        if batch == BATCHES // 2:
            before = {name: read_of(engine, name) for name in ("trigger", "invitation")}
    late = (BATCHES - 1 - BATCHES // 2) * BATCH
    read = {name: (read_of(engine, name) - before[name]) / late for name in before}
    assert read["trigger"] < 10
    assert read["invitation"] < 150  # for each call one look at all invitations, while they are few


@pytest.fixture
def table(engine: Engine) -> str:
    """A table that nothing else knows of."""
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE young (workspace_id uuid, n int)")
    return "young"


def fill(engine: Engine, rows: int) -> None:
    with engine.begin() as connection:
        fresh = text("INSERT INTO young SELECT gen_random_uuid(), generate_series(1, :rows)")
        connection.execute(fresh, {"rows": rows})
    count_now(engine)


def known(engine: Engine) -> float:
    with engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT reltuples FROM pg_class WHERE relname = 'young'")
        return float(found.scalar_one())


def test_a_table_is_analysed_when_it_has_doubled_until_it_is_large(
    engine: Engine, table: str, job: Any, time: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    smaller = text(young_tables._YOUNG.replace("50000", "4000")).columns(column("name", Text))
    monkeypatch.setattr(young_tables, "_FIND", smaller)
    sessions, seen = db.make_sessions(engine), []
    for rows in (500, 500, 700, 400, 5_000, 20_000):
        fill(engine, rows)
        worker.run_job(job, sessions, time)
        seen.append(known(engine))
        assert not list(worker.rounds(job, sessions, time))  # it is done, and does not begin anew
    assert seen == [-1, 1_000, 1_000, 2_100, 7_100, 7_100]


def test_a_table_in_somebody_elses_hands_is_left_for_the_next_time(
    engine: Engine, table: str, job: Any, time: Any
) -> None:
    fill(engine, ROWS)
    sessions = db.make_sessions(engine)
    with engine.connect() as other:
        other.exec_driver_sql("LOCK TABLE young IN SHARE UPDATE EXCLUSIVE MODE")
        worker.run_job(job, sessions, time)
        assert known(engine) == -1
    worker.run_job(job, sessions, time)
    assert known(engine) == ROWS


def test_a_table_of_another_role_is_not_looked_at(engine: Engine, table: str, job: Any, time: Any) -> None:
    """Only who owns a table may analyse it: PostgreSQL would say so each second."""
    role = f"reader_{uuid.uuid4().hex[:8]}"
    with engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE ROLE {role}")
    fill(engine, ROWS)
    with db.make_sessions(engine)() as session:
        assert young_tables.are_there(session, time())
        session.connection().exec_driver_sql(f"SET LOCAL ROLE {role}")
        assert not young_tables.are_there(session, time())
    with engine.begin() as connection:
        connection.exec_driver_sql(f"DROP ROLE {role}")


def test_on_sqlite_there_is_no_such_job(config: Config, tmp_path: Any) -> None:
    here = dataclasses.replace(config, database_url=f"sqlite:///{tmp_path}/a.db")
    assert "analyse young tables" not in [job.name for job in worker.jobs_of(here)]
