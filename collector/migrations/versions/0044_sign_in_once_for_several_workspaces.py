"""sign in once for several workspaces

Revision: 0044, after 0043
"""

import sqlalchemy as sa
from alembic import op

from collector import db

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.add_column(sa.Column("also", db.Json, server_default="[]", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.drop_column("also")
