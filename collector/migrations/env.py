"""Alembic's entry: one engine, all models."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from alembic import context
from sqlalchemy import Engine

from collector import db, patience
from collector.migrations import planner
from collector.migrations.models import metadata

LONGEST = 24 * 3600
"""Seconds that one statement of a migration may take."""


@contextmanager
def closing_engine(url: str) -> Iterator[Engine]:
    """An engine whose connections are closed at the end, also where a migration has failed and is tried again."""
    made = db.make_engine(url, pool_size=1)
    try:
        yield made
    finally:
        made.dispose()


def render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Revisions name this house's column types by their own names."""
    if kind == "type" and item is db.Json:
        return "db.Json"
    return "db.UtcDateTime()" if kind == "type" and isinstance(item, db.UtcDateTime) else False


patience.patience.set(float(LONGEST))
with closing_engine(context.config.attributes["url"]) as engine, engine.connect() as connection:
    if connection.dialect.name == "postgresql":  # a large table takes its time; only locks are not waited for
        connection.exec_driver_sql("SET statement_timeout = 0")
        connection.commit()
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        transaction_per_migration=True,
        render_item=render_item,
    )
    with context.begin_transaction():
        context.run_migrations()
    planner.know_no_workspaces(connection)
    connection.commit()
