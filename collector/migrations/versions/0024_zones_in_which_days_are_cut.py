"""Zones in which days are cut

Revision: 0024, after 0023

Until here days were cut in UTC. Where a workspace has another zone, the worker moves its answers to their new days.
"""

import sqlalchemy as sa
from alembic import op

from collector import db

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    zone = sa.Column("days_zone", sa.String(length=64), server_default="UTC", nullable=False)
    op.add_column("workspace", zone)
    op.create_table(
        "recut",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("reached", sa.Uuid(), nullable=False),
        sa.Column("began_at", db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.workspace_id"], name=op.f("fk_recut_workspace_id")
        ),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_recut")),
    )


def downgrade() -> None:
    op.drop_table("recut")
    op.drop_column("workspace", "days_zone")
