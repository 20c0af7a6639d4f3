"""Alembic's entry: one engine, all models."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context

from collector import db
from collector.migrations import planner
from collector.migrations.models import metadata


def render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Revisions name this house's column types by their own names."""
    if kind == "type" and item is db.Json:
        return "db.Json"
    return "db.UtcDateTime()" if kind == "type" and isinstance(item, db.UtcDateTime) else False


engine = db.make_engine(context.config.attributes["url"], pool_size=1)
with engine.connect() as connection:
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
engine.dispose()
