"""The table for SQLAlchemy 1.4, 2.0 and 2.1: to create, to migrate with Alembic, to insert into."""

from __future__ import annotations

import time
from typing import Any

from sqlalchemy import BigInteger, Column, Float, Index, Integer, MetaData, String, Table, Text, insert

from ..composer import Parcel
from .statements import TABLE


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


def define_table(metadata: MetaData) -> Table:
    """Define the table in the caller's own metadata, so that `create_all` and autogenerate know of it."""
    return Table(
        TABLE,
        metadata,
        *_columns(),
        Index(f"ix_{TABLE}_failed_at", "failed_at", "id"),
        sqlite_autoincrement=True,
    )


metadata = MetaData()
outbox_table = define_table(metadata)


def create_table(bind: Any) -> None:
    """Create the table if it is not there; `bind` is an engine or a connection."""
    metadata.create_all(bind)


def upgrade(op: Any) -> None:
    """Create the table in an Alembic migration: `upgrade(op)`."""
    op.create_table(TABLE, *_columns(), sqlite_autoincrement=True)
    op.create_index(f"ix_{TABLE}_failed_at", TABLE, ["failed_at", "id"])


def downgrade(op: Any) -> None:
    """Drop the table in an Alembic migration."""
    op.drop_index(f"ix_{TABLE}_failed_at", table_name=TABLE)
    op.drop_table(TABLE)


def insert_statement(parcel: Parcel) -> Any:
    """Return the statement that adds one parcel; it runs inside whatever savepoint the session is in."""
    return insert(outbox_table).values(
        kind=parcel.kind, item_id=parcel.id, body=parcel.body, created_at=time.time()
    )
