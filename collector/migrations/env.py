"""Alembic's entry: one engine, all models."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context

from collector import db, patience
from collector.migrations import planner
from collector.migrations.models import metadata

LONGEST = 24 * 3600
"""Seconds that one statement of a migration may take."""


def render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Revisions name this house's column types by their own names."""
    if kind == "type" and item is db.Json:
        return "db.Json"
    return "db.UtcDateTime()" if kind == "type" and isinstance(item, db.UtcDateTime) else False


patience.patience.set(float(LONGEST))
with db.opened(context.config.attributes["url"]) as engine, engine.connect() as connection:
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
