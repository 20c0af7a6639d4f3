"""Tombstones: what was taken back or erased, so that what arrives later finds it undone

Revision: 0006, after 0005
"""

import sqlalchemy as sa
from alembic import op

from collector import db

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tombstone",
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", db.UtcDateTime(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.workspace_id"], name="fk_tombstone_workspace_id"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "kind", "digest", name="pk_tombstone"),
    )


def downgrade() -> None:
    op.drop_table("tombstone")
