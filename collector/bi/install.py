"""Make the views, and let one role of PostgreSQL read nothing but them.

On PostgreSQL they stand in a schema of their own. The groups of five come out of a function: of a plain view, EXPLAIN
would tell how many rows were read and left out, so how many wait for their group. ``security_barrier`` keeps a reader's
own functions from seeing rows that a view leaves out. SQLite has no roles: there the views have a prefix, and whoever
may open the file may read all of it.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator

from sqlalchemy import Connection, text

from collector.bi.views import VERSION, VIEWS, View

SCHEMA = f"afterword_bi_v{VERSION}"
PREFIX = f"bi_v{VERSION}_"
OPAQUE = "groups_of_five"
NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")
_PHASES = {
    "postgresql": """
SELECT shown.workspace_id, journey.key AS journey, (phase.at - 1)::int AS phase_position, phase.found ->> 'name' AS phase,
  (step.at - 1)::int AS position, step.found ->> 'key' AS step, step.found ->> 'name' AS name,
  coalesce(step.found ->> 'touchpoint', '') AS touchpoint
FROM journey JOIN journey_version AS shown ON shown.workspace_id = journey.workspace_id AND shown.key = journey.key
  AND shown.version = journey.version,
  jsonb_array_elements(shown.phases) WITH ORDINALITY AS phase(found, at),
  jsonb_array_elements(coalesce(phase.found -> 'steps', '[]')) WITH ORDINALITY AS step(found, at)
WHERE {only}""",
    "sqlite": """
SELECT {uuid} AS workspace_id, journey.key AS journey, phase.key AS phase_position,
  json_extract(phase.value, '$.name') AS phase, step.key AS position, json_extract(step.value, '$.key') AS step,
  json_extract(step.value, '$.name') AS name, coalesce(json_extract(step.value, '$.touchpoint'), '') AS touchpoint
FROM journey JOIN journey_version AS shown ON shown.workspace_id = journey.workspace_id AND shown.key = journey.key
  AND shown.version = journey.version,
  json_each(shown.phases) AS phase, json_each(phase.value, '$.steps') AS step
WHERE {only}""",
}


class BadRole(Exception):
    """A role that may read more than the views; the message says what."""


class _Uuids(dict[str, str]):
    """A column of UUIDs as the API writes them: SQLite keeps 32 digits without dashes."""

    def __init__(self, dialect: str) -> None:
        super().__init__()
        self.dialect = dialect

    def __missing__(self, column: str) -> str:
        if self.dialect == "postgresql":
            return column
        parts = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
        return " || '-' || ".join(f"substr({column}, {start}, {length})" for start, length in parts)


class _Only(dict[str, str]):
    """The condition on one workspace, with a table's name in front where two are joined."""

    def __init__(self, dialect: str, workspace_id: uuid.UUID | None) -> None:
        super().__init__()
        self.value = None if workspace_id is None else str(workspace_id)
        if self.value and dialect == "sqlite":
            self.value = self.value.replace("-", "")

    def __missing__(self, table: str) -> str:
        return "1 = 1" if self.value is None else f"{table}.workspace_id = '{self.value}'"

    def __str__(self) -> str:
        return "1 = 1" if self.value is None else f"workspace_id = '{self.value}'"


def install(
    connection: Connection,
    schema: str = SCHEMA,
    workspace_id: uuid.UUID | None = None,
    role: str | None = None,
) -> None:
    """Make the views anew, of every workspace or of one; a role given may read them, and must read nothing else."""
    _check(schema)
    for statement in _statements(connection, schema, workspace_id):
        connection.execute(text(statement))
    if role is not None:
        _admit(connection, schema, role)


def remove(connection: Connection, schema: str = SCHEMA) -> None:
    """Drop the views; answers and figures stay."""
    _check(schema)
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
        return
    for view in VIEWS:
        connection.exec_driver_sql(f"DROP VIEW IF EXISTS {PREFIX}{view.name}")


def is_installed(connection: Connection, schema: str = SCHEMA) -> bool:
    """Whether the views are there."""
    if connection.dialect.name == "postgresql":
        known = text("SELECT count(*) FROM pg_views WHERE schemaname = :name")
    else:
        known = text("SELECT count(*) FROM sqlite_master WHERE type = 'view' AND name LIKE :name || '%'")
    name = schema if connection.dialect.name == "postgresql" else PREFIX
    return bool(connection.scalar(known, {"name": name}) == len(VIEWS))


def _check(schema: str) -> None:
    if not NAME.fullmatch(schema) or schema in {"public", "pg_catalog", "information_schema"}:
        raise ValueError(
            f"{schema!r} cannot be the views' schema: small letters, digits and _, and one of its own"
        )


def _statements(connection: Connection, schema: str, workspace_id: uuid.UUID | None) -> Iterator[str]:
    dialect = connection.dialect.name
    said = {view.name: _statement(view, dialect, workspace_id) for view in VIEWS}
    if dialect != "postgresql":
        for name, statement in said.items():
            yield f"DROP VIEW IF EXISTS {PREFIX}{name}"
            yield f"CREATE VIEW {PREFIX}{name} AS {statement}"
        return
    yield f"CREATE SCHEMA IF NOT EXISTS {schema}"
    tables = connection.scalar(text("SELECT quote_ident(current_schema())"))
    for view in VIEWS:
        yield f"DROP VIEW IF EXISTS {schema}.{view.name}"
        yield from _opaque(schema, view, said[view.name], tables) if view.name == OPAQUE else ()
        source = f"SELECT * FROM {schema}.{view.name}_rows()" if view.name == OPAQUE else said[view.name]
        yield f"CREATE VIEW {schema}.{view.name} WITH (security_barrier) AS {source}"
        yield f"COMMENT ON VIEW {schema}.{view.name} IS '{_quoted(view.says)}'"
        for column, says in view.columns.items():
            yield f"COMMENT ON COLUMN {schema}.{view.name}.{column} IS '{_quoted(says)}'"


def _opaque(schema: str, view: View, statement: str, tables: str) -> Iterator[str]:
    kinds = {
        "workspace_id": "uuid",
        "series_id": "uuid",
        "released": "date",
        "score": "integer",
        "n": "bigint",
    }
    columns = ", ".join(f"{name} {kinds.get(name, 'varchar')}" for name in view.columns)
    yield f"DROP FUNCTION IF EXISTS {schema}.{view.name}_rows()"
    yield (
        f"CREATE FUNCTION {schema}.{view.name}_rows() RETURNS TABLE ({columns}) LANGUAGE plpgsql STABLE SECURITY DEFINER "
        f"SET search_path = {tables}, pg_temp AS $$ #variable_conflict use_column\nBEGIN RETURN QUERY {statement}; END $$"
    )
    yield f"REVOKE ALL ON FUNCTION {schema}.{view.name}_rows() FROM PUBLIC"


def _statement(view: View, dialect: str, workspace_id: uuid.UUID | None) -> str:
    uuids, only = _Uuids(dialect), _Only(dialect, workspace_id)
    steps = _PHASES[dialect].format(only=only["journey"], uuid=uuids["journey.workspace_id"])
    return view.statement.format(uuid=uuids, only=only, steps=steps)


def _quoted(words: str) -> str:
    return words.replace("'", "''")


def _admit(connection: Connection, schema: str, role: str) -> None:
    if connection.dialect.name != "postgresql":
        raise BadRole("SQLite has no roles: whoever may open the file may read all of it")
    _refuse_more_than_views(connection, schema, role)
    name = connection.dialect.identifier_preparer.quote_identifier(role)
    connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA {schema} TO {name}")
    connection.exec_driver_sql(f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {name}")
    connection.exec_driver_sql(f"GRANT EXECUTE ON FUNCTION {schema}.{OPAQUE}_rows() TO {name}")


def _refuse_more_than_views(connection: Connection, schema: str, role: str) -> None:
    known = text("SELECT rolsuper FROM pg_roles WHERE rolname = :role")
    is_super = connection.scalar(known, {"role": role})
    if is_super is None:
        raise BadRole(
            f"there is no role {role!r} yet; as an administrator of PostgreSQL: CREATE ROLE {role} LOGIN PASSWORD '...'"
        )
    if is_super:
        raise BadRole(f"{role!r} is a superuser, who reads everything; make a role of its own")
    owner = text("SELECT pg_has_role(:role, current_user, 'MEMBER')")
    if connection.scalar(owner, {"role": role}):
        raise BadRole(f"{role!r} may act as the collector's own role; make a role of its own")
    tables = text(
        "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p', 'v') AND relnamespace = current_schema()::regnamespace "
        "AND has_any_column_privilege(:role, oid, 'SELECT, INSERT, UPDATE') ORDER BY relname LIMIT 1"
    )
    readable = connection.scalar(tables, {"role": role})
    if readable is not None:
        raise BadRole(
            f"{role!r} may read the table {readable!r} itself; REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}"
        )
