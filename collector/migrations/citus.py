"""The statements that hand the tables to Citus: each is sharded by ``workspace_id``, which stands first in its keys.

A table of the house itself (``job_run``) is of no workspace: each server holds the whole of it.
"""

from __future__ import annotations

from collector.migrations.models import metadata


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
    return [f"SELECT create_distributed_table('{first}', 'workspace_id')", *beside, *everywhere]
