"""Closed groups of answers by who gave them; the rollup is counted anew, which puts all answers into groups

Revision: 0008, after 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "group_member",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("dimension", sa.String(length=64), nullable=False),
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("category", sa.String(length=256), nullable=False),
        sa.Column("series_id", sa.Uuid(), nullable=False),
        sa.Column("touchpoint", sa.String(length=64), nullable=False),
        sa.Column("journey", sa.String(length=64), nullable=False),
        sa.Column("journey_version", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("source", sa.String(length=12), nullable=False),
        sa.Column("respondent", sa.String(length=12), nullable=False),
        sa.Column("metric", sa.String(length=16), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("apart", sa.Boolean(), nullable=False),
        sa.Column("released", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.workspace_id"], name=op.f("fk_group_member_workspace_id")
        ),
        sa.PrimaryKeyConstraint("workspace_id", "dimension", "response_id", name=op.f("pk_group_member")),
    )
    with op.batch_alter_table("group_member", schema=None) as batch_op:
        batch_op.create_index(
            "ix_group_member_figure",
            ["workspace_id", "metric", "dimension", "category", "released"],
            unique=False,
        )
        batch_op.create_index("ix_group_member_group", ["workspace_id", "group_id"], unique=False)
        batch_op.create_index(
            "ix_group_member_place",
            ["workspace_id", "dimension", "series_id", "touchpoint", "category"],
            unique=False,
        )
    op.execute("DELETE FROM rollup")
    op.execute("UPDATE response SET counted_at = NULL")


def downgrade() -> None:
    with op.batch_alter_table("group_member", schema=None) as batch_op:
        batch_op.drop_index("ix_group_member_place")
        batch_op.drop_index("ix_group_member_group")
        batch_op.drop_index("ix_group_member_figure")

    op.drop_table("group_member")
