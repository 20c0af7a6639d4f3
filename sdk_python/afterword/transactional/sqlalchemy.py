"""The table for SQLAlchemy 1.4, 2.0 and 2.1: to create, to migrate with Alembic, to insert into."""

from __future__ import annotations

import time
import weakref
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    insert,
    text,
)  # fmt: skip
from sqlalchemy.exc import UnboundExecutionError

from ..composer import Parcel
from ..errors import ConfigurationError
from .statements import BARRIER, TABLE


def _columns() -> list[Column[Any]]:
    return [
        Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
        Column("kind", String(16), nullable=False),
        Column("item_id", String(128), nullable=False),
        Column("body", Text, nullable=False),
        Column("created_at", Float(53), nullable=False),
        Column("claimed_by", String(36)),
        Column("claimed_until", Float(53), nullable=False, server_default="0"),
        Column("failed_at", Float(53)),
        Column("status", Integer),
        Column("reason", Text),
    ]


def _indexes(name: str) -> list[Index]:
    barrier = text(BARRIER)
    return [
        Index(f"ix_{name}_failed_at", "failed_at", "id"),
        Index(
            f"ix_{name}_barrier", "failed_at", "kind", "id", sqlite_where=barrier, postgresql_where=barrier
        ),
    ]


_defined: weakref.WeakSet[Table] = weakref.WeakSet()
"""The tables in callers' own metadata: triggers go there."""


def define_table(metadata: MetaData, *, schema: str | None = None) -> Table:
    """Define the table in the caller's own metadata, so that `create_all` and autogenerate know of it.

    From then on, triggers with `session=` go there; its schema is `schema`, or that of the metadata.
    """
    table = _table(metadata, schema)
    _defined.add(table)
    return table


def _table(metadata: MetaData, schema: str | None) -> Table:
    return Table(
        TABLE,
        metadata,
        *_columns(),
        *_indexes(TABLE),
        schema=schema or metadata.schema,
        sqlite_autoincrement=True,
    )


metadata = MetaData()
outbox_table = _table(metadata, None)


def create_table(bind: Any) -> None:
    """Create the table if it is not there; `bind` is an engine or a connection."""
    metadata.create_all(bind)


def upgrade(op: Any, *, schema: str | None = None) -> None:
    """Create the table in an Alembic migration: `upgrade(op)`."""
    op.create_table(TABLE, *_columns(), schema=schema, sqlite_autoincrement=True)
    op.create_index(f"ix_{TABLE}_failed_at", TABLE, ["failed_at", "id"], schema=schema)
    barrier = text(BARRIER)
    op.create_index(
        f"ix_{TABLE}_barrier",
        TABLE,
        ["failed_at", "kind", "id"],
        schema=schema,
        sqlite_where=barrier,
        postgresql_where=barrier,
    )


def downgrade(op: Any, *, schema: str | None = None) -> None:
    """Drop the table in an Alembic migration; its indexes go with it."""
    op.drop_table(TABLE, schema=schema)


def include_object(thing: Any, name: str | None, kind: str, reflected: bool, compared: Any) -> bool:
    """Keep Alembic's autogenerate away from a table that no metadata knows: without this it proposes to drop it.

    For `context.configure(include_object=...)`, where `define_table` is not used.
    """
    table = thing if kind == "table" else getattr(thing, "table", None)
    return not (reflected and compared is None and getattr(table, "name", None) == TABLE)


def add_to(session: Any, parcel: Parcel) -> None:
    """Add one parcel by a session or connection; it runs inside whatever savepoint that is in."""
    statement = insert(_own_table()).values(
        kind=parcel.kind, item_id=parcel.id, body=parcel.body, created_at=time.time()
    )
    try:
        session.execute(statement)
    except UnboundExecutionError as error:
        raise ConfigurationError(
            f"the session has no bind for the table {TABLE}: define it with define_table(metadata) and name it in"
            " Session(binds={table: engine}), so that it lies in the database of the order",
            code="unbound_table",
        ) from error


def _own_table() -> Table:
    """Return the table that the caller has defined, else ours; of several schemas nobody can know which is meant."""
    defined = {table.fullname: table for table in list(_defined)}
    if len(defined) > 1:
        raise ConfigurationError(
            f"define_table() was called for {', '.join(sorted(defined))}: triggers with session= need one table;"
            " for one per tenant, define it once and set schema_translate_map",
            code="ambiguous_table",
        )
    return next(iter(defined.values()), outbox_table)
