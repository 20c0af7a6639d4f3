"""How much a database does for a piece of work, whatever the machine: steps of SQLite's, rows that PostgreSQL reads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

EVERY = 10
READ = text("""
    SELECT sum(pg_stat_get_xact_tuples_returned(class.oid)) FROM pg_class AS class
    LEFT JOIN pg_index AS index ON index.indexrelid = class.oid
    WHERE coalesce(index.indrelid, class.oid) = ANY (CAST(CAST(:tables AS text[]) AS regclass[]))
""")


def of(session: Session, work: Callable[[], Any], *tables: str) -> int:
    """What the database reads of these tables for a piece of work in the session's transaction; SQLite's steps are of all."""
    session.commit()
    if session.get_bind().dialect.name == "postgresql":
        before, _done, after = (
            each() for each in (lambda: _read(session, tables), work, lambda: _read(session, tables))
        )
        session.commit()
        return int(after - before)
    steps = [0]

    def step() -> None:
        steps[0] += EVERY

    raw: Any = session.connection().connection.driver_connection
    raw.set_progress_handler(step, EVERY)
    try:
        work()
    finally:
        raw.set_progress_handler(None, EVERY)
    session.commit()
    return steps[0]


def _read(session: Session, tables: tuple[str, ...]) -> int:
    """So far, in this transaction and in those before it whose counts are not told yet."""
    return int(session.execute(READ, {"tables": list(tables)}).scalar_one())
