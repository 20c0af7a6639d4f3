"""The SQL of the table `afterword_outbox`, for SQLite and PostgreSQL, in the words of the DB-API."""

from __future__ import annotations

import re
import sys
from typing import Any, NamedTuple

from ..errors import ConfigurationError

TABLE = "afterword_outbox"
BARRIER = "kind IN ('cancel', 'erase')"
"""The rows that hold others back: an index of their own finds the first one at once, however many rows wait."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_$]{0,62}")


class Table(NamedTuple):
    """Where the rows are: `schema.name`, or a name alone."""

    schema: str | None
    name: str

    @property
    def sql(self) -> str:
        """The name as SQL has it."""
        return f'"{self.schema}"."{self.name}"' if self.schema else self.name

    def create(self, postgresql: bool) -> list[str]:
        """Create table and indexes if they are not there."""
        key = "BIGSERIAL PRIMARY KEY" if postgresql else "INTEGER PRIMARY KEY AUTOINCREMENT"
        indexes = {"failed_at": "(failed_at, id)", "barrier": f"(failed_at, kind, id) WHERE {BARRIER}"}
        at = "" if postgresql or not self.schema else f'"{self.schema}".'  # SQLite names the index's schema
        on = self.sql if postgresql else self.name
        return [
            _CREATE.format(table=self.sql, key=key),
            *(
                f"CREATE INDEX IF NOT EXISTS {at}ix_{self.name}_{name} ON {on} {columns}"
                for name, columns in indexes.items()
            ),
        ]

    def drop(self) -> str:
        """Drop it with its indexes."""
        return f"DROP TABLE {self.sql}"

    def head(self) -> str:
        """The oldest row."""
        return f"SELECT min(id) FROM {self.sql} WHERE failed_at IS NULL"

    def first_barrier(self) -> str:
        """The oldest cancellation or erasure."""
        return f"SELECT min(id) FROM {self.sql} WHERE failed_at IS NULL AND {BARRIER}"

    def waiting(self) -> str:
        """How many rows wait, and since when."""
        return f"SELECT count(*), min(created_at) FROM {self.sql} WHERE failed_at IS NULL"

    def all_waiting(self) -> str:
        """The rows that wait, oldest first."""
        return (
            f"SELECT id, kind, item_id, body, created_at FROM {self.sql} WHERE failed_at IS NULL ORDER BY id"
        )

    def count_dead(self) -> str:
        """How many dead letters there are."""
        return f"SELECT count(*) FROM {self.sql} WHERE failed_at IS NOT NULL"

    def revive(self) -> str:
        """Put all dead letters back into the queue."""
        return f"UPDATE {self.sql} SET failed_at = NULL, claimed_until = 0 WHERE failed_at IS NOT NULL"


_CREATE = """
CREATE TABLE IF NOT EXISTS {table} (
    id {key},
    kind VARCHAR(16) NOT NULL,
    item_id VARCHAR(128) NOT NULL,
    body TEXT NOT NULL,
    created_at DOUBLE PRECISION NOT NULL,
    claimed_by VARCHAR(36),
    claimed_until DOUBLE PRECISION DEFAULT 0 NOT NULL,
    failed_at DOUBLE PRECISION,
    status INTEGER,
    reason TEXT
)"""

DEFAULT = Table(None, TABLE)
FIRST_BARRIER = DEFAULT.first_barrier()


def table_named(text: str) -> Table:
    """Return the table of `name` or `schema.name`; ConfigurationError if it is neither."""
    parts = text.split(".")
    if len(parts) > 2 or not all(_NAME.fullmatch(part) for part in parts):
        raise ConfigurationError(f"table must be name or schema.name, not {text[:80]!r}", code="bad_table")
    return Table(parts[0] if len(parts) == 2 else None, parts[-1])


class Dialect(NamedTuple):
    """How a driver wants its placeholders, whether the database is PostgreSQL, and which table is meant."""

    placeholder: str
    postgresql: bool
    table: Table = DEFAULT

    def marks(self, count: int) -> str:
        """Return `count` placeholders."""
        return ", ".join([self.placeholder] * count)

    def insert(self) -> str:
        """One parcel: kind, item_id, body, created_at."""
        return f"INSERT INTO {self.table.sql} (kind, item_id, body, created_at) VALUES ({self.marks(4)})"

    def claim(self) -> str:
        """Take rows below an id: token, lease end, id, now, the end of the longest lease from now, token, limit.

        A lease that ends later than any can is one from before the clock was set back.
        """
        p = self.placeholder
        free = (
            f"SELECT id FROM {self.table.sql} WHERE failed_at IS NULL AND id < {p}"
            f" AND (claimed_until < {p} OR claimed_until > {p} OR claimed_by = {p}) ORDER BY id LIMIT {p}"
        )
        # as an array, PostgreSQL works the rows out once; as a plain IN it may do so again and again
        chosen = f"= ANY (ARRAY({free} FOR UPDATE SKIP LOCKED))" if self.postgresql else f"IN ({free})"
        return f"UPDATE {self.table.sql} SET claimed_by = {p}, claimed_until = {p} WHERE id {chosen}"

    def claimed(self) -> str:
        """The rows that a token holds."""
        return (
            f"SELECT id, kind, item_id, body, created_at FROM {self.table.sql}"
            f" WHERE claimed_by = {self.placeholder} AND failed_at IS NULL ORDER BY id"
        )

    def delete(self, count: int) -> str:
        """Strike rows off by their ids."""
        return f"DELETE FROM {self.table.sql} WHERE id IN ({self.marks(count)})"

    def bury(self) -> str:
        """Make a row a dead letter: now, status, reason, id."""
        p = self.placeholder
        return f"UPDATE {self.table.sql} SET failed_at = {p}, status = {p}, reason = {p} WHERE id = {p}"

    def dead_letters(self) -> str:
        """The newest dead letters: limit."""
        return (
            f"SELECT kind, item_id, body, status, reason, failed_at FROM {self.table.sql}"
            f" WHERE failed_at IS NOT NULL ORDER BY failed_at DESC, id DESC LIMIT {self.placeholder}"
        )

    def purge(self) -> str:
        """Delete the dead letters from before a time."""
        return f"DELETE FROM {self.table.sql} WHERE failed_at < {self.placeholder}"


def dialect_of(connection: Any, table: Table = DEFAULT) -> Dialect:
    """Return the dialect of a DB-API connection by the driver it comes from; wrappers and subclasses are looked through."""
    inner = getattr(connection, "driver_connection", None) or connection
    package, style = _driver(inner)
    vendor = getattr(inner, "vendor", None)  # Django's wrappers say what they talk to
    postgresql = vendor == "postgresql" or (vendor is None and package not in ("sqlite3", "pysqlite3"))
    return Dialect("?" if style == "qmark" else "%s", postgresql, table)


def _driver(connection: Any) -> tuple[str, str]:
    """Return the package and the `paramstyle` of the first base class that comes from a DB-API module."""
    for base in connection.__class__.__mro__:  # not type(): proxies show the class of what they wrap
        package = base.__module__.partition(".")[0]
        style = getattr(sys.modules.get(package), "paramstyle", None)
        if style is not None:
            return package, style
    return "", "format"
