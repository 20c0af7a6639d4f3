"""find touchpoints with new comments

Revision: 0039, after 0038
"""

import sqlalchemy as sa
from alembic import op

from collector import db

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    due = sa.text("due_at IS NOT NULL")
    with op.batch_alter_table("signal_place", schema=None) as batch_op:
        batch_op.add_column(sa.Column("due_at", db.UtcDateTime(), nullable=True))
        batch_op.create_index(
            "ix_signal_place_due", ["due_at"], unique=False, postgresql_where=due, sqlite_where=due
        )


def downgrade() -> None:
    with op.batch_alter_table("signal_place", schema=None) as batch_op:
        batch_op.drop_index("ix_signal_place_due")
        batch_op.drop_column("due_at")
