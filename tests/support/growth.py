"""A database that already holds much: rows that the product made itself, copied so many times inside the database.

Copies differ in ids, customer, transaction, instance and time (two years back), and were answered and counted.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

from sqlalchemy import Connection, Engine, select, text

from collector import clock, db, patience, write_ahead_log
from collector.invitations import ANSWERED
from collector.kpis import recounting, recounting_asks
from collector.migrations.models import metadata
from collector.service import worker
from collector.workspaces import Workspace

TABLES = (
    "subject",
    "trigger",
    "decision",
    "invitation",
    "response",
    "interaction",
    "journey_instance",
    "outcome",
    "group_member",
    "group_tally",
)
IDS = {"trigger_id", "invitation_id", "response_id", "interaction_id"}
NAMES = {"customer", "transaction", "journey_instance", "instance_id", "key"}
MOMENTS = {"received_at", "created_at", "asked_at", "shown_at", "ended_at", "occurred_at", "updated_at", "counted_at", "decided_at", "started_at", "last_at"}  # fmt: skip
ENDED = {"state": "'answered'", "counted": str(ANSWERED)}
OF_GROUPS = {
    ("group_member", "group_id"): "{id}",
    ("group_member", "released"): "{day}",
    ("group_member", "touchpoint"): "CASE WHEN n % 5 = 0 THEN seed.touchpoint ELSE 'p-' || n % 50 END",
    ("group_tally", "touchpoint"): "{name}",
}
"""Nearly all members are in groups that are shown; one place has a fifth of them. Tallies are of a place each, as their key has it."""
FEW, PIECE, PATIENCE = 500, 100_000, 30.0
OTHERS = {"sqlite": "0" * 31 + "1", "postgresql": "00000000-0000-0000-0000-000000000001"}
SPAN = 2 * 365 * 86_400
COPIES = {
    "sqlite": "WITH RECURSIVE copies(n) AS (SELECT :first UNION ALL SELECT n + 1 FROM copies WHERE n < :until)",
    "postgresql": "WITH copies AS (SELECT generate_series(CAST(:first AS bigint), CAST(:until AS bigint)) AS n)",
}
AGO = "(CAST(:span AS bigint) - n * CAST(:span AS bigint) / (CAST(:last AS bigint) + 1))"
VALUES = {
    "sqlite": {
        "id": "printf('%032x', n)",
        "name": "'c-' || n",
        "moment": f"strftime('%Y-%m-%d %H:%M:%f000', 'now', '-' || {AGO} || ' seconds')",
        "day": f"date('now', '-' || {AGO} || ' seconds')",
    },
    "postgresql": {
        "id": "lpad(to_hex(n), 32, '0')::uuid",
        "name": "'c-' || n",
        "moment": f"now() - {AGO} * interval '1 second'",
        "day": f"(now() - {AGO} * interval '1 second')::date",
    },
}


def fill(url: str, size: int, statistics: str = "fresh") -> None:
    """Fill the tables up to ``size`` rows each; there must be a row in each to copy (``collector_requests.seed``).

    ``statistics``: what the planner knows of them: "fresh", "none", or "stale", from a time when there was little, and
    all of it another workspace's.
    """
    engine = db.make_engine(url, 1)
    patience.patience.set(patience.LONG)  # a request of the same thread may have left its own
    if statistics == "stale":
        _fill(engine, FEW)
        _know_others(engine)
    _fill(engine, size)
    _count(engine)
    with engine.connect() as connection:
        connection = connection.execution_options(isolation_level="AUTOCOMMIT")
        if statistics == "fresh":
            connection.exec_driver_sql("ANALYZE")
        elif connection.dialect.name == "postgresql":
            connection.exec_driver_sql("VACUUM")  # PostgreSQL always knows about how large a table is
        if statistics == "none" and connection.dialect.name == "postgresql":
            # What was known of the tables before they were emptied is no knowledge of what is in them now.
            connection.exec_driver_sql(
                "DELETE FROM pg_statistic WHERE starelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)"
            )
    engine.dispose()


def _fill(engine: Engine, size: int) -> None:
    """In pieces, each committed: in one transaction SQLite's log would hold all of it beside the file."""
    with engine.connect() as connection:
        here = connection.execute(text("SELECT count(*) FROM response")).scalar_one()
    for first in range(here + 1, size + 1, PIECE):
        with engine.begin() as connection:
            _check_no_references(connection)
            for table in TABLES:
                _copy(connection, table, range(first, min(size + 1, first + PIECE)), size)
        if write_ahead_log.size(engine):
            write_ahead_log.cut(engine, PATIENCE)  # whoever is served meanwhile reads all the time


def _count(engine: Engine) -> None:
    """The rollups of what was copied, as ``afterword rollups rebuild`` makes them."""
    sessions = db.make_sessions(engine)
    with engine.connect() as connection:
        here = connection.scalar(select(Workspace.workspace_id).limit(1))
    for rebuild in (recounting.rebuild, recounting_asks.rebuild):
        for _done in rebuild(sessions, here):
            pass
        if write_ahead_log.size(engine):
            write_ahead_log.cut(engine, PATIENCE)


def _know_others(engine: Engine) -> None:
    """Analyse the tables while all that they hold is said to be another workspace's."""
    with engine.begin() as connection:
        _check_no_references(connection)
        ours = connection.execute(text("SELECT workspace_id FROM response LIMIT 1")).scalar_one()
        for workspace_id in (OTHERS[connection.dialect.name], ours):
            for table in TABLES:
                change = text(f'UPDATE "{table}" SET workspace_id = :workspace_id')
                connection.execute(change, {"workspace_id": workspace_id})
            if workspace_id != ours:
                connection.exec_driver_sql("ANALYZE")


def _check_no_references(connection: Connection) -> None:
    """A copy needs no check of its foreign keys: each would look up a row by a plan made for empty tables."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
    else:
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")


def idle_rounds(url: str) -> dict[str, float]:
    """Milliseconds of each job's round that finds nothing to do, the best of five."""
    engine = db.make_engine(url, 2)
    sessions = db.make_sessions(engine)
    found = {
        job.name: _best(partial(worker.run_job, job, sessions, clock.system_clock)) for job in worker.JOBS
    }
    engine.dispose()
    return found


def _best(run: Callable[[], object]) -> float:
    times = []
    for _ in range(6):
        began = time.perf_counter()
        run()
        times.append(time.perf_counter() - began)
    return round(min(times[1:]) * 1000, 2)


def _copy(connection: Connection, table: str, copies: range, last: int) -> None:
    kind = connection.dialect.name
    columns = [column.name for column in metadata.tables[table].columns]
    names = ", ".join(f'"{column}"' for column in columns)
    values = ", ".join(_value(table, column, VALUES[kind]) for column in columns)
    seed = f'(SELECT * FROM "{table}" LIMIT 1) AS seed'
    statement = f'INSERT INTO "{table}" ({names}) {COPIES[kind]} SELECT {values} FROM copies, {seed}'
    places = {"first": copies[0], "until": copies[-1], "last": last, "span": SPAN}
    connection.execute(text(statement), places)


def _value(table: str, column: str, values: dict[str, str]) -> str:
    if table == "invitation" and column in ENDED:
        return ENDED[column]
    if (table, column) in OF_GROUPS:
        return OF_GROUPS[table, column].format(**values)
    kinds = [(IDS, "id"), (NAMES, "name"), (MOMENTS, "moment"), ({"day"}, "day")]
    return next((values[kind] for columns, kind in kinds if column in columns), f'seed."{column}"')
