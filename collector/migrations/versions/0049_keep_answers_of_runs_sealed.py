"""keep answers of runs sealed until their number is there

Revision: 0049, after 0048
"""

import sqlalchemy as sa
from alembic import op

from collector import db

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None
SEALED = "design = 'fixed' AND state = 'running' AND reached_at IS NULL"


def upgrade() -> None:
    with op.batch_alter_table("run", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reached_at", db.UtcDateTime(), nullable=True))
        batch_op.create_index(
            "ix_run_sealed",
            ["workspace_id", "key"],
            unique=False,
            postgresql_where=sa.text(SEALED),
            sqlite_where=sa.text(SEALED),
        )


def downgrade() -> None:
    with op.batch_alter_table("run", schema=None) as batch_op:
        batch_op.drop_index("ix_run_sealed")
        batch_op.drop_column("reached_at")
