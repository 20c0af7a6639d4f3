"""keep community runs

Revision: 0035, after 0034
"""

import sqlalchemy as sa
from alembic import op

from collector import db
from collector.migrations import online

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "run",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("assumption", sa.String(length=1000), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("survey", sa.String(length=64), nullable=False),
        sa.Column("touchpoint", sa.String(length=64), nullable=False),
        sa.Column("journey", sa.String(length=64), nullable=True),
        sa.Column("panel", sa.String(length=64), nullable=True),
        sa.Column("only", db.Json, nullable=False),
        sa.Column("sample", sa.Double(), nullable=False),
        sa.Column("cells", db.Json, nullable=False),
        sa.Column("variants", db.Json, nullable=False),
        sa.Column("hypotheses", db.Json, nullable=False),
        sa.Column("design", sa.String(length=12), nullable=False),
        sa.Column("n", sa.Integer(), nullable=True),
        sa.Column("starts_at", db.UtcDateTime(), nullable=True),
        sa.Column("ends_at", db.UtcDateTime(), nullable=True),
        sa.Column("verdict", db.Json, nullable=True),
        sa.Column("created_by", sa.String(length=254), nullable=False),
        sa.Column("created_at", db.UtcDateTime(), nullable=False),
        sa.Column("started_at", db.UtcDateTime(), nullable=True),
        sa.Column("concluded_by", sa.String(length=254), nullable=True),
        sa.Column("concluded_at", db.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "survey"],
            ["survey.workspace_id", "survey.key"],
            name=op.f("fk_run_workspace_id_survey"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "touchpoint"],
            ["touchpoint.workspace_id", "touchpoint.key"],
            name=op.f("fk_run_workspace_id_touchpoint"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.workspace_id"], name=op.f("fk_run_workspace_id")
        ),
        sa.PrimaryKeyConstraint("workspace_id", "key", name=op.f("pk_run")),
        sa.UniqueConstraint("workspace_id", "survey", name=op.f("uq_run_workspace_id_survey")),
    )
    with op.batch_alter_table("run", schema=None) as batch_op:
        batch_op.create_index("ix_run_workspace_id_touchpoint", ["workspace_id", "touchpoint"], unique=False)

    op.create_table(
        "run_cell",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("run", sa.String(length=64), nullable=False),
        sa.Column("cell", sa.String(length=200), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "run"],
            ["run.workspace_id", "run.key"],
            name=op.f("fk_run_cell_workspace_id_run"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "run", "cell", name=op.f("pk_run_cell")),
    )
    for table in ("held_response", "invitation", "response"):
        op.add_column(table, sa.Column("run", sa.String(length=64), nullable=True))
    op.add_column("invitation", sa.Column("variant", sa.String(length=64), nullable=True))
    for table in ("invitation", "response"):
        online.create_index(f"ix_{table}_run", table, ["workspace_id", "run"], where="run IS NOT NULL")


def downgrade() -> None:
    for table in ("invitation", "response"):
        online.drop_index(f"ix_{table}_run", table)
    with op.batch_alter_table("invitation") as batch_op:
        batch_op.drop_column("variant")
    for table in ("held_response", "invitation", "response"):
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_column("run")
    op.drop_table("run_cell")
    op.drop_table("run")
