"""What PostgreSQL's planner may know: nothing of which workspaces there are.

It learns of a workspace when a table is next analysed. Until then ``workspace_id`` is a value that it has never seen,
of which it expects one row, so every index that begins with it looks as good as the primary key: the look-up of one
row, and each foreign key's check, would read the whole workspace. A column without statistics is taken to have 200
values, whichever is asked for, and the key that names its row always wins.
"""

from __future__ import annotations

from sqlalchemy import Connection

KNOWN = """
SELECT class.relname FROM pg_attribute AS attribute
JOIN pg_class AS class ON class.oid = attribute.attrelid
WHERE attribute.attname = 'workspace_id' AND class.relkind IN ('r', 'p') AND NOT attribute.attisdropped
  AND class.relnamespace = current_schema()::regnamespace AND coalesce(attribute.attstattarget, -1) <> 0
ORDER BY class.relname
"""
FORGET = """
DELETE FROM pg_statistic AS known USING pg_attribute AS attribute, pg_class AS class
WHERE known.starelid = attribute.attrelid AND known.staattnum = attribute.attnum AND class.oid = attribute.attrelid
  AND attribute.attname = 'workspace_id' AND class.relnamespace = current_schema()::regnamespace
"""


def know_no_workspaces(connection: Connection) -> None:
    """Keep no statistics of any table's ``workspace_id``; drop those there are, where we may (as a superuser)."""
    if connection.dialect.name != "postgresql":
        return
    tables = tables_that_know(connection)
    for table in tables:
        connection.exec_driver_sql(f'ALTER TABLE "{table}" ALTER COLUMN workspace_id SET STATISTICS 0')
    if tables and connection.exec_driver_sql("SELECT current_setting('is_superuser')").scalar() == "on":
        connection.exec_driver_sql(FORGET)


def tables_that_know(connection: Connection) -> list[str]:
    """The tables that would keep statistics of their workspaces."""
    return list(connection.exec_driver_sql(KNOWN).scalars())
