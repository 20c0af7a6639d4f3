"""Indexes made and dropped while the house is open: on PostgreSQL concurrently, so that no writer waits for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op


def create_index(name: str, table: str, columns: Sequence[str], where: str | None = None) -> None:
    """Make an index, anew where an earlier try was cut off and left an invalid one."""
    drop_index(name, table)
    condition = sa.text(where) if where else None
    with _outside_a_transaction() as concurrently:
        op.create_index(
            name,
            table,
            list(columns),
            postgresql_where=condition,
            sqlite_where=condition,
            postgresql_concurrently=concurrently,
        )


def drop_index(name: str, table: str) -> None:
    """Drop an index if it is there."""
    with _outside_a_transaction() as concurrently:
        op.drop_index(name, table, if_exists=True, postgresql_concurrently=concurrently)


@contextmanager
def _outside_a_transaction() -> Iterator[bool]:
    """True where the database can build concurrently, which it does outside any transaction only."""
    context = op.get_context()
    if context.dialect.name != "postgresql":
        yield False
        return
    with context.autocommit_block():
        yield True
