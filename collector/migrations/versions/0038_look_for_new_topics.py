"""look for new topics

Revision: 0038, after 0037
"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("signal_place", schema=None) as batch_op:
        batch_op.add_column(sa.Column("said", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("said_since", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("looked", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("wait", sa.Integer(), server_default="10", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("signal_place", schema=None) as batch_op:
        batch_op.drop_column("wait")
        batch_op.drop_column("looked")
        batch_op.drop_column("said_since")
        batch_op.drop_column("said")
