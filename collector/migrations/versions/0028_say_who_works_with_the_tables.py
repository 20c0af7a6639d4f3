"""say which programs work with the tables

Revision: 0028, after 0027
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    since = op.create_table(
        "compatible_since",
        sa.Column("revision", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("revision", name=op.f("pk_compatible_since")),
    )
    op.bulk_insert(since, [{"revision": revision}])


def downgrade() -> None:
    op.drop_table("compatible_since")
