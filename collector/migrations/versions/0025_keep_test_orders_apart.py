"""Test orders: what test keys send, with the decision and the answer, apart from everything that is counted

Revision: 0025, after 0024
"""

import sqlalchemy as sa
from alembic import op


from collector import db

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "test_order",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("trigger_id", sa.Uuid(), nullable=False),
        sa.Column("invitation_id", sa.Uuid(), nullable=False),
        sa.Column("kid", sa.String(length=10), nullable=False),
        sa.Column("touchpoint", sa.String(length=64), nullable=False),
        sa.Column("journey", sa.String(length=64), nullable=True),
        sa.Column("customer", sa.String(length=27), nullable=True),
        sa.Column("transaction", sa.String(length=128), nullable=True),
        sa.Column("locale", sa.String(length=35), nullable=True),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("rule", sa.String(length=200), nullable=False),
        sa.Column("survey", sa.String(length=64), nullable=True),
        sa.Column("survey_version", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("response_id", sa.Uuid(), nullable=True),
        sa.Column("answers", db.Json, nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("shown_at", db.UtcDateTime(), nullable=True),
        sa.Column("expires_at", db.UtcDateTime(), nullable=False),
        sa.Column("received_at", db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.workspace_id"], name=op.f("fk_test_order_workspace_id")
        ),
        sa.PrimaryKeyConstraint("workspace_id", "trigger_id", name=op.f("pk_test_order")),
    )
    with op.batch_alter_table("test_order", schema=None) as batch_op:
        batch_op.create_index("ix_test_order_invitation", ["workspace_id", "invitation_id"], unique=False)
        batch_op.create_index("ix_test_order_received_at", ["workspace_id", "received_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("test_order", schema=None) as batch_op:
        batch_op.drop_index("ix_test_order_received_at")
        batch_op.drop_index("ix_test_order_invitation")

    op.drop_table("test_order")
