"""The statements that hand the tables to Citus: each is sharded by ``workspace_id``, which stands first in its keys.

A table of the house itself (``job_run``) is of no workspace: each server holds the whole of it. Triggers go first, as Citus
distributes no table that has any: they notice what a version of before 0054 writes, and none is beside a database in which
this is run.
"""

from __future__ import annotations

from collector.migrations.models import metadata

TRIGGERS = {"group_member": ("group_member_insert", "group_member_delete")}


def statements() -> list[str]:
    """``create_distributed_table`` for every table, referenced ones first, all in one co-location group."""
    tables = [table.name for table in metadata.sorted_tables if "workspace_id" in table.columns]
    whole = [table.name for table in metadata.sorted_tables if "workspace_id" not in table.columns]
    first, *others = tables
    beside = [
        f"SELECT create_distributed_table('{name}', 'workspace_id', colocate_with => '{first}')"
        for name in others
    ]
    everywhere = [f"SELECT create_reference_table('{name}')" for name in whole]
    untriggered = [
        f"DROP TRIGGER IF EXISTS {name} ON {table}" for table, names in TRIGGERS.items() for name in names
    ]
    return [*untriggered, f"SELECT create_distributed_table('{first}', 'workspace_id')", *beside, *everywhere]
