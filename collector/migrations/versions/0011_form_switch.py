"""A switch of its own for the feedback form of a touchpoint, beside the one for asking

Revision: 0011, after 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("touchpoint") as table:
        table.add_column(sa.Column("form_enabled", sa.Boolean(), nullable=False, server_default=sa.true()))


def downgrade() -> None:
    with op.batch_alter_table("touchpoint") as table:
        table.drop_column("form_enabled")
