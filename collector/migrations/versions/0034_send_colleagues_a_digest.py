"""send colleagues a digest

Revision: 0034, after 0033
"""

import sqlalchemy as sa
from alembic import op

from collector import db

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "digest",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("every", sa.String(length=8), nullable=False),
        sa.Column("due_at", db.UtcDateTime(), nullable=False),
        sa.Column("since", db.UtcDateTime(), nullable=False),
        sa.Column("known", db.Json, nullable=False),
        sa.Column("stop_key", sa.String(length=43), nullable=False),
        sa.Column("lease_until", db.UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "person_id"],
            ["person.workspace_id", "person.person_id"],
            name=op.f("fk_digest_workspace_id_person_id"),
        ),
        sa.PrimaryKeyConstraint("workspace_id", "person_id", name=op.f("pk_digest")),
    )
    with op.batch_alter_table("digest", schema=None) as batch_op:
        batch_op.create_index("ix_digest_due_at", ["due_at"], unique=False)
        batch_op.create_index("ix_digest_stop_key", ["stop_key"], unique=False)


def downgrade() -> None:
    op.drop_table("digest")
