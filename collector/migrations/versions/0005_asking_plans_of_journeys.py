"""Asking plans of journeys: which share of the ways through a journey is asked at which step

Revision: 0005, after 0004
"""

import sqlalchemy as sa
from alembic import op

from collector import db

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("journey_version") as table:
        table.add_column(sa.Column("asking", db.Json, nullable=False, server_default=sa.text("'{}'")))


def downgrade() -> None:
    with op.batch_alter_table("journey_version") as table:
        table.drop_column("asking")
