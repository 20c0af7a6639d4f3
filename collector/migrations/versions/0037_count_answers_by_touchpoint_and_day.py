"""count answers by touchpoint and day

Revision: 0037, after 0036
"""

import sqlalchemy as sa
from alembic import op

from collector import db

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "signal_place",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("touchpoint", sa.String(length=64), nullable=False),
        sa.Column("began_on", sa.Date(), nullable=False),
        sa.Column("days", db.Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.workspace_id"], name=op.f("fk_signal_place_workspace_id")
        ),
        sa.PrimaryKeyConstraint("workspace_id", "touchpoint", name=op.f("pk_signal_place")),
    )


def downgrade() -> None:
    op.drop_table("signal_place")
