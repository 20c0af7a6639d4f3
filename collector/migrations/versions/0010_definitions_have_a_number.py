"""Definitions have a number, by which each process knows that it must read them anew

Revision: 0010, after 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "revision",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.workspace_id"], name=op.f("fk_revision_workspace_id")
        ),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_revision")),
    )


def downgrade() -> None:
    op.drop_table("revision")
