"""The question that a journey is read by, where its file names one

Revision: 0020, after 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("journey_version", sa.Column("metric", sa.String(length=16), nullable=True))


def downgrade() -> None:
    op.drop_column("journey_version", "metric")
