"""Say what answers are about: their touchpoint (as all did so far), a whole journey, or one interaction

Revision: 0015, after 0014
"""

import sqlalchemy as sa
from alembic import op

from collector.migrations import online

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TABLES = ("survey", "invitation", "response", "rollup", "group_member")
INDEXES = {
    ("ix_invitation_touchpoint", "invitation"): [
        *["workspace_id", "touchpoint", "created_at", "source", "journey", "target", "state", "shown_at"]
    ],
    ("ix_rollup_journey", "rollup"): [
        *["workspace_id", "metric", "target", "journey", "touchpoint", "series_id", "score", "day", "n"],
        *["source", "respondent"],
    ],
    ("ix_rollup_touchpoint", "rollup"): [
        *["workspace_id", "metric", "target", "touchpoint", "day", "series_id", "score", "n"],
        *["source", "respondent"],
    ],
}


def upgrade() -> None:
    for table in TABLES:
        op.add_column(
            table, sa.Column("target", sa.String(length=12), nullable=False, server_default="touchpoint")
        )
    op.add_column("trigger", sa.Column("target", sa.String(length=12), nullable=True))
    for (name, table), columns in INDEXES.items():
        online.create_index(name, table, columns)


def downgrade() -> None:
    for (name, table), columns in INDEXES.items():
        online.create_index(name, table, [column for column in columns if column != "target"])
    for table in (*TABLES, "trigger"):
        op.drop_column(table, "target")
