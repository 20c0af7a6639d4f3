"""count who was asked

Revision: 0053, after 0052
"""

import sqlalchemy as sa
from alembic import op

from collector.migrations import online

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None
FIRST = ["workspace_id", "touchpoint", "created_at"]
WHOLE = [*FIRST, "source", "journey", "target", "state", "shown_at"]
UNCOUNTED = (
    "counted != CASE WHEN (source != 'solicited' OR target != 'touchpoint' OR run IS NOT NULL) THEN 0 "
    "WHEN (state = 'answered') THEN 3 WHEN (state NOT IN ('open', 'declined')) THEN 0 "
    "WHEN (shown_at IS NOT NULL) THEN 2 ELSE 1 END"
)


def upgrade() -> None:
    op.create_table(
        "ask_rollup",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("touchpoint", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("journey", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("persona", sa.String(length=64), nullable=False),
        sa.Column("probability", sa.Double(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.workspace_id"], name=op.f("fk_ask_rollup_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint(
            "workspace_id",
            "touchpoint",
            "day",
            "journey",
            "channel",
            "persona",
            "probability",
            name=op.f("pk_ask_rollup"),
        ),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("recut", schema=None) as batch_op:
        batch_op.add_column(sa.Column("asks_of", sa.String(length=64), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("asks_until", sa.Date(), nullable=True))
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("counted", sa.SmallInteger(), nullable=False, server_default="0"))
    online.create_index("ix_invitation_uncounted", "invitation", FIRST, where=UNCOUNTED)
    online.create_index("ix_invitation_touchpoint", "invitation", FIRST)


def downgrade() -> None:
    online.create_index("ix_invitation_touchpoint", "invitation", WHOLE)
    online.drop_index("ix_invitation_uncounted", "invitation")
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_column("counted")
    with op.batch_alter_table("recut", schema=None) as batch_op:
        batch_op.drop_column("asks_until")
        batch_op.drop_column("asks_of")
    op.drop_table("ask_rollup")
