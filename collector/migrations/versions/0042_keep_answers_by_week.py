"""keep answers by week

Revision: 0042, after 0041
"""

import sqlalchemy as sa
from alembic import op

from collector import db

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("signal_watch", schema=None) as batch_op:
        batch_op.add_column(sa.Column("weeks", db.Json, server_default="{}", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("signal_watch", schema=None) as batch_op:
        batch_op.drop_column("weeks")
