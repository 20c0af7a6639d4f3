"""take answers of other tools live

Revision: 0048, after 0047
"""

import sqlalchemy as sa
from alembic import op

from collector import db

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "inbound",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("inbound_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("tool", sa.String(length=16), nullable=False),
        sa.Column("said", db.Json, nullable=False),
        sa.Column("mapping", sa.Text(), nullable=True),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("key_name", sa.String(length=12), nullable=False),
        sa.Column("created_by", sa.String(length=254), nullable=False),
        sa.Column("created_at", db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.workspace_id"], name=op.f("fk_inbound_workspace_id")
        ),
        sa.PrimaryKeyConstraint("workspace_id", "inbound_id", name=op.f("pk_inbound")),
    )
    op.create_table(
        "arrival",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("inbound_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("why", sa.String(length=300), nullable=True),
        sa.Column("customer", sa.String(length=27), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("repeats", sa.Integer(), nullable=False),
        sa.Column("received_at", db.UtcDateTime(), nullable=False),
        sa.Column("placed_at", db.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "inbound_id"],
            ["inbound.workspace_id", "inbound.inbound_id"],
            name=op.f("fk_arrival_workspace_id_inbound_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "inbound_id", "digest", name=op.f("pk_arrival")),
    )
    with op.batch_alter_table("arrival", schema=None) as batch_op:
        batch_op.create_index("ix_arrival_customer", ["workspace_id", "customer"], unique=False)
        batch_op.create_index("ix_arrival_old", ["received_at"], unique=False)
        batch_op.create_index(
            "ix_arrival_received_at", ["workspace_id", "inbound_id", "received_at"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("arrival", schema=None) as batch_op:
        batch_op.drop_index("ix_arrival_received_at")
        batch_op.drop_index("ix_arrival_old")
        batch_op.drop_index("ix_arrival_customer")

    op.drop_table("arrival")
    op.drop_table("inbound")
