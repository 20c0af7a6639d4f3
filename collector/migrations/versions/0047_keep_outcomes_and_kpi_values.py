"""keep outcomes and kpi values

Revision: 0047, after 0046
"""

import sqlalchemy as sa
from alembic import op


from collector import db

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kpi_value",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("kpi", sa.String(length=64), nullable=False),
        sa.Column("touchpoint", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("measured", sa.Double(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=True),
        sa.Column("unit", sa.String(length=16), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("dated", sa.Date(), nullable=True),
        sa.Column("updated_at", db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.workspace_id"], name=op.f("fk_kpi_value_workspace_id")
        ),
        sa.PrimaryKeyConstraint(
            "workspace_id", "kpi", "touchpoint", "kind", "since", "until", name=op.f("pk_kpi_value")
        ),
    )
    with op.batch_alter_table("kpi_value", schema=None) as batch_op:
        batch_op.create_index(
            "ix_kpi_value_touchpoint", ["workspace_id", "touchpoint", "until"], unique=False
        )

    op.create_table(
        "outcome",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("customer", sa.String(length=27), nullable=True),
        sa.Column("journey_instance", sa.String(length=128), nullable=True),
        sa.Column("touchpoint", sa.String(length=64), nullable=False),
        sa.Column("journey", sa.String(length=64), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.String(length=16), nullable=False),
        sa.Column("occurred_at", db.UtcDateTime(), nullable=False),
        sa.Column("received_at", db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.workspace_id"], name=op.f("fk_outcome_workspace_id")
        ),
        sa.PrimaryKeyConstraint("workspace_id", "key", name=op.f("pk_outcome")),
    )
    with op.batch_alter_table("outcome", schema=None) as batch_op:
        batch_op.create_index("ix_outcome_customer", ["workspace_id", "customer"], unique=False)
        batch_op.create_index("ix_outcome_instance", ["workspace_id", "journey_instance"], unique=False)
        batch_op.create_index("ix_outcome_journey", ["workspace_id", "journey", "occurred_at"], unique=False)
        batch_op.create_index("ix_outcome_kind", ["workspace_id", "kind", "occurred_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("outcome", schema=None) as batch_op:
        batch_op.drop_index("ix_outcome_kind")
        batch_op.drop_index("ix_outcome_journey")
        batch_op.drop_index("ix_outcome_instance")
        batch_op.drop_index("ix_outcome_customer")

    op.drop_table("outcome")
    with op.batch_alter_table("kpi_value", schema=None) as batch_op:
        batch_op.drop_index("ix_kpi_value_touchpoint")

    op.drop_table("kpi_value")
