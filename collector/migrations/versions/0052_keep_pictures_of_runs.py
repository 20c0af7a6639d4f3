"""keep pictures of runs

Revision: 0052, after 0051
"""

import sqlalchemy as sa
from alembic import op

from collector.db import Json

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("run", schema=None) as batch_op:
        batch_op.add_column(sa.Column("pictures", Json, nullable=False, server_default="[]"))
    op.create_table(
        "run_picture",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("run", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=16), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "run"],
            ["run.workspace_id", "run.key"],
            name=op.f("fk_run_picture_workspace_id_run"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "digest", "run", name=op.f("pk_run_picture")),
    )


def downgrade() -> None:
    op.drop_table("run_picture")
    with op.batch_alter_table("run", schema=None) as batch_op:
        batch_op.drop_column("pictures")
