"""A metric names one question: what shared a key because it shared a scale, or had none, gets its own

Revision: 0004, after 0003
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from collector import db

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BY_TEMPLATE = {"thumbs": "helpful", "clear": "clear", "fcr": "fcr", "exit": "exit", "goal": "goal"}
BY_KIND = {"thumbs": "helpful", "goal": "goal", "emotion": "emotion", "stars": "stars"}
SHARED = ("thumbs", "goal", "none")

version = sa.table(
    "survey_version",
    sa.column("workspace_id", sa.Uuid()),
    sa.column("key", sa.String()),
    sa.column("version", sa.Integer()),
    sa.column("series_id", sa.Uuid()),
    sa.column("definition", db.Json),
)
own = sa.table(
    "template",
    sa.column("workspace_id", sa.Uuid()),
    sa.column("key", sa.String()),
    sa.column("definition", db.Json),
)


def upgrade() -> None:
    connection = op.get_bind()
    for row in connection.execute(sa.select(version)).all():
        metric = named(row.definition["template"])
        if metric is None:
            continue
        changed = {**row.definition, "template": {**row.definition["template"], "metric": metric}}
        mine = (version.c.workspace_id == row.workspace_id, version.c.key == row.key)
        connection.execute(
            sa.update(version).where(*mine, version.c.version == row.version).values(definition=changed)
        )
        for table in ("metric_series", "response", "rollup"):
            _rename(connection, table, row, metric)
    for row in connection.execute(sa.select(own)).all():
        if metric := named(row.definition):
            mine = (own.c.workspace_id == row.workspace_id, own.c.key == row.key)
            changed = {**row.definition, "metric": metric}
            connection.execute(sa.update(own).where(*mine).values(definition=changed))


def _rename(connection: sa.Connection, name: str, row: Any, metric: str) -> None:
    table = sa.table(
        name, sa.column("workspace_id", sa.Uuid()), sa.column("series_id", sa.Uuid()), sa.column("metric")
    )
    mine = (table.c.workspace_id == row.workspace_id, table.c.series_id == row.series_id)
    connection.execute(sa.update(table).where(*mine, table.c.metric.in_(SHARED)).values(metric=metric))


def named(template: dict[str, Any]) -> str | None:
    """The metric of a template whose key was shared or missing; None for one that keeps what it has."""
    scored = next((each for each in template["questions"] if each["id"] == "score"), None)
    if scored is None or template.get("metric") not in {None, *SHARED}:
        return None
    return BY_TEMPLATE.get(template["key"]) or BY_KIND.get(scored["kind"])


def downgrade() -> None:
    """The names stay: the older code took any."""
