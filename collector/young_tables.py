"""Young tables on PostgreSQL: its planner is told how large they have become, before plans for small ones hurt.

A plan that is kept (each foreign key's check, each prepared statement of a connection) was made for the table as it was
then, and is made anew only after somebody has analysed it. Of a workspace the planner knows nothing (see
``migrations.planner``) and expects a two-hundredth of the table: while that is a row or ten, any index that begins with
the workspace looks as good as the right one, and is kept while the table grows to thousands of rows, all of which each
check then reads. Autovacuum analyses within a minute or two; a backlog, an import or a restored backup is quicker.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine, Text, column, text
from sqlalchemy.orm import Session

from collector import prepared

EVERY = 1.0
SMALL, GROWN = 300, 50_000
"""Rows: from here on plans differ; from here on they no longer change, and autovacuum sees to it alone."""

_YOUNG = f"""
    SELECT quote_ident(relname) AS name FROM pg_class
    WHERE relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())
      AND relkind = 'r' AND reltuples < {GROWN}
      AND pg_stat_get_live_tuples(oid) > 2 * greatest(reltuples, {SMALL}) AND pg_has_role(relowner, 'USAGE')
    ORDER BY relname
"""
"""Our own tables that have twice the rows that the planner knows of; -1 of one that was never analysed."""
_FIND = text(_YOUNG).columns(column("name", Text))


def are_there(session: Session, _now: datetime) -> bool:
    """Whether a table has outgrown what the planner knows of it: a look at the server's own counts, no table is read."""
    return bool(prepared.send(session, _FIND, [{}]))


def analyse(session: Session, _now: datetime) -> int:
    """Let PostgreSQL look at each, in a transaction of its own. One that somebody else works on is left for next time."""
    engine = session.get_bind()
    assert isinstance(engine, Engine)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if young := connection.scalars(_FIND).all():
            connection.exec_driver_sql(f"ANALYZE (SKIP_LOCKED) {', '.join(young)}")
    return 0
