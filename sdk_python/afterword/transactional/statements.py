"""The SQL of the table `afterword_outbox`, for SQLite and PostgreSQL, in the words of the DB-API."""

from __future__ import annotations

import sys
from typing import Any, NamedTuple

TABLE = "afterword_outbox"

CREATE_SQLITE = f"""
CREATE TABLE IF NOT EXISTS {TABLE} (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
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

CREATE_POSTGRESQL = CREATE_SQLITE.replace("INTEGER PRIMARY KEY AUTOINCREMENT", "BIGSERIAL PRIMARY KEY")

CREATE_INDEX = f"CREATE INDEX IF NOT EXISTS ix_{TABLE}_failed_at ON {TABLE} (failed_at, id)"


class Dialect(NamedTuple):
    """How a driver wants its placeholders, and whether the database is PostgreSQL."""

    placeholder: str
    postgresql: bool

    def marks(self, count: int) -> str:
        """Return `count` placeholders."""
        return ", ".join([self.placeholder] * count)

    def insert(self) -> str:
        """One parcel: kind, item_id, body, created_at."""
        return f"INSERT INTO {TABLE} (kind, item_id, body, created_at) VALUES ({self.marks(4)})"

    def claim(self) -> str:
        """Take rows below an id: token, lease end, id, now, token, limit."""
        p = self.placeholder
        free = (
            f"SELECT id FROM {TABLE} WHERE failed_at IS NULL AND id < {p}"
            f" AND (claimed_until < {p} OR claimed_by = {p}) ORDER BY id LIMIT {p}"
        )
        # as an array, PostgreSQL works the rows out once; as a plain IN it may do so again and again
        chosen = f"= ANY (ARRAY({free} FOR UPDATE SKIP LOCKED))" if self.postgresql else f"IN ({free})"
        return f"UPDATE {TABLE} SET claimed_by = {p}, claimed_until = {p} WHERE id {chosen}"

    def claimed(self) -> str:
        """The rows that a token holds."""
        return (
            f"SELECT id, kind, item_id, body, created_at FROM {TABLE}"
            f" WHERE claimed_by = {self.placeholder} AND failed_at IS NULL ORDER BY id"
        )

    def delete(self, count: int) -> str:
        """Strike rows off by their ids."""
        return f"DELETE FROM {TABLE} WHERE id IN ({self.marks(count)})"

    def bury(self) -> str:
        """Make a row a dead letter: now, status, reason, id."""
        p = self.placeholder
        return f"UPDATE {TABLE} SET failed_at = {p}, status = {p}, reason = {p} WHERE id = {p}"


HEAD = f"SELECT min(id) FROM {TABLE} WHERE failed_at IS NULL"
FIRST_BARRIER = f"SELECT min(id) FROM {TABLE} WHERE failed_at IS NULL AND kind IN ('cancel', 'erase')"
WAITING = f"SELECT count(*) FROM {TABLE} WHERE failed_at IS NULL"
REVIVE = f"UPDATE {TABLE} SET failed_at = NULL, claimed_until = 0 WHERE failed_at IS NOT NULL"


def dialect_of(connection: Any) -> Dialect:
    """Return the dialect of a DB-API connection by the driver it comes from; wrappers and subclasses are looked through."""
    inner = getattr(connection, "driver_connection", None) or connection
    package, style = _driver(inner)
    vendor = getattr(inner, "vendor", None)  # Django's wrappers say what they talk to
    postgresql = vendor == "postgresql" or (vendor is None and package not in ("sqlite3", "pysqlite3"))
    return Dialect("?" if style == "qmark" else "%s", postgresql)


def _driver(connection: Any) -> tuple[str, str]:
    """Return the package and the `paramstyle` of the first base class that comes from a DB-API module."""
    for base in connection.__class__.__mro__:  # not type(): proxies show the class of what they wrap
        package = base.__module__.partition(".")[0]
        style = getattr(sys.modules.get(package), "paramstyle", None)
        if style is not None:
            return package, style
    return "", "format"
