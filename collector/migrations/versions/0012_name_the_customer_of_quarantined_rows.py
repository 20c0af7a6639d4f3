"""name the customer of quarantined rows

Revision: 0012, after 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("quarantined_row", schema=None) as batch_op:
        batch_op.add_column(sa.Column("customer", sa.String(length=27), nullable=True))
        batch_op.create_index("ix_quarantined_row_customer", ["workspace_id", "customer"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("quarantined_row", schema=None) as batch_op:
        batch_op.drop_index("ix_quarantined_row_customer")
        batch_op.drop_column("customer")
