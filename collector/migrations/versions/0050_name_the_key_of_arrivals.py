"""name the key by which what other tools deliver is sealed

Revision: 0050, after 0049
"""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None
WAITING = "body IS NOT NULL"


def upgrade() -> None:
    with op.batch_alter_table("arrival", schema=None) as batch_op:
        batch_op.add_column(sa.Column("key_name", sa.String(length=12), nullable=True))
        batch_op.create_index(
            "ix_arrival_key_name",
            ["workspace_id", "key_name"],
            unique=False,
            postgresql_where=sa.text(WAITING),
            sqlite_where=sa.text(WAITING),
        )


def downgrade() -> None:
    with op.batch_alter_table("arrival", schema=None) as batch_op:
        batch_op.drop_index("ix_arrival_key_name")
        batch_op.drop_column("key_name")
