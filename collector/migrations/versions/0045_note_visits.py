"""note visits

Revision: 0045, after 0044
"""

import sqlalchemy as sa
from alembic import op

from collector import db

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("seen_at", db.UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("left_at", db.UtcDateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_column("left_at")
        batch_op.drop_column("seen_at")
