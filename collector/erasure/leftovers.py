"""What PostgreSQL keeps of deleted rows: in gaps of its tables' files, and as samples of columns for its planner.

SQLite overwrites at once what is deleted. PostgreSQL does not, so tables are written anew: statistics first, as their
own table is written anew as well. A transaction that began before an erasure may still read what was erased, and a
table that is written anew keeps it for that one; so such transactions are waited for. Those that write are waited for
in all databases of the server: it numbers them together, and every snapshot begins at the oldest that is open.
"""

from __future__ import annotations

import time
from collections.abc import Iterable

from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from collector import db, errors, patience

STATISTICS = "pg_catalog.pg_statistic"
TRIES = 20
"""How often a table is asked for that others use: each time no longer than a lock is waited for elsewhere."""
A_DAY = 86_400.0
"""Seconds that one table may take: a large one is written for minutes."""
LONGEST_WAIT = 90.0
"""Seconds to wait for transactions that began earlier; those of a collector end after 60."""

_TABLES = """
    SELECT oid::regclass::text FROM pg_class
    WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace ORDER BY 1
"""
_NEXT = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text"
"""The number of the next transaction that writes: what is erased by now was erased by one with a lower number."""
_EARLIER = """
    SELECT pid FROM pg_stat_activity
    WHERE pid <> pg_backend_pid() AND (age(backend_xid) > age(CAST(:next AS xid8)::xid)
        OR datname = current_database() AND age(backend_xmin) > age(CAST(:next AS xid8)::xid))
    UNION ALL SELECT 0 WHERE pg_snapshot_xmin(pg_current_snapshot()) < CAST(:next AS xid8)
"""
"""Processes that hold an earlier number or may read what one has deleted; 0 where there is one, shown to us or not."""
_FORGET_COLUMNS = """
    SELECT pg_clear_attribute_stats(schemaname, tablename, attname, inherited)
    FROM pg_stats WHERE schemaname = current_schema() AND quote_ident(tablename) = :name
"""
_IS_OWNER = """
    SELECT pg_has_role(datdba, 'USAGE') FROM pg_database WHERE datname = current_database()
"""


def write_anew(connection: Connection, longest_wait: float = LONGEST_WAIT) -> int:
    """Write all tables anew, without what was deleted before; how many they are.

    The connection commits each statement by itself. A table answers nobody while it is written.
    """
    if not connection.scalar(text(_IS_OWNER)):
        raise errors.NotAllowed(
            "Only the owner of the database may write its statistics anew; connect as that one.",
            "not_the_owner",
        )
    _wait_for_earlier(connection, longest_wait)
    patient = patience.patience.set(A_DAY)
    try:
        connection.execute(text("SET statement_timeout = 0"))
        tables = list(connection.scalars(text(_TABLES)))
        _when_free(connection, "ANALYZE")
        _forget_columns_of_empty(connection, tables)
        for name in (*tables, STATISTICS):
            _when_free(connection, f"VACUUM FULL {name}")
    finally:
        patience.patience.reset(patient)
    return len(tables)


def _wait_for_earlier(connection: Connection, longest: float) -> None:
    """Wait for transactions that began before now: what they can read, PostgreSQL keeps."""
    following = connection.scalar(text(_NEXT))
    end = time.monotonic() + longest
    while earlier := connection.scalars(text(_EARLIER), {"next": following}).all():
        if time.monotonic() > end:
            raise errors.Conflict(
                f"A transaction is still open ({_named(earlier)}); what it can read stays on disk. "
                "Nothing was written anew; try again when it is over.",
                "transaction_open",
            )
        time.sleep(0.1)


def _named(processes: Iterable[int]) -> str:
    shown = [f"process {pid}" for pid in processes if pid]
    return ", ".join(shown) or "a prepared one, or of another role"


def _forget_columns_of_empty(connection: Connection, tables: list[str]) -> None:
    """Of a table without rows ANALYZE keeps what it last saw there; PostgreSQL 18 can be told to forget it."""
    if (connection.dialect.server_version_info or (0,)) < (18,):
        return
    for name in tables:
        if not connection.scalar(text(f"SELECT EXISTS (SELECT FROM {name})")):
            connection.execute(text(_FORGET_COLUMNS), {"name": name})


def _when_free(connection: Connection, statement: str) -> None:
    for _ in range(TRIES):
        try:
            connection.execute(text(statement))
            return
        except OperationalError as error:
            if not db.is_locked(error):
                raise
    raise errors.Conflict(
        f"{statement}: the table is in use all the time; try again at a quieter hour.", "table_in_use"
    )
