"""consent to be read one by one

Revision: 0046, after 0045
"""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("panel_consent", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("one_by_one", sa.Boolean(), server_default=sa.false(), nullable=False)
        )


def downgrade() -> None:
    with op.batch_alter_table("panel_consent", schema=None) as batch_op:
        batch_op.drop_column("one_by_one")
