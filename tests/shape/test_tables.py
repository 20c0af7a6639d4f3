"""One migration head, tables that are what the models say, and the workspace first in every key."""

from __future__ import annotations

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import ForeignKeyConstraint, PrimaryKeyConstraint, UniqueConstraint

from collector import db, migrations
from collector.migrations import citus
from collector.migrations.models import metadata

OF_THE_HOUSE = {"compatible_since", "job_run"}
"""Tables that belong to no workspace."""


def test_there_is_one_migration_head() -> None:
    assert len(migrations.heads()) == 1


def test_the_migrations_make_what_the_models_say(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/shape.db"
    migrations.upgrade(url)
    engine = db.make_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_the_workspace_stands_first_in_every_key() -> None:
    for table in metadata.sorted_tables:
        if table.name in OF_THE_HOUSE:
            continue
        for constraint in table.constraints:
            if isinstance(constraint, PrimaryKeyConstraint | UniqueConstraint | ForeignKeyConstraint):
                assert next(iter(constraint.columns)).name == "workspace_id", (table.name, constraint.name)


def test_every_table_is_handed_to_citus() -> None:
    handed = "\n".join(citus.statements())
    assert all(f"'{table.name}'" in handed for table in metadata.sorted_tables)
