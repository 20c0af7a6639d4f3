"""how each job stands

Revision: 0013, after 0012
"""

import sqlalchemy as sa
from alembic import op

from collector import db

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "job_run",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("every", sa.Double(), nullable=False),
        sa.Column("succeeded_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("failed_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failures_ever", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(length=100), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job_run")),
    )


def downgrade() -> None:
    op.drop_table("job_run")
