"""watch what is new and keep signals

Revision: 0030, after 0029
"""

import sqlalchemy as sa
from alembic import op

from collector import db

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "response_news",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(length=8), nullable=False),
        sa.Column("received_at", db.UtcDateTime(), nullable=False),
        sa.Column("taken_at", db.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.workspace_id"], name=op.f("fk_response_news_workspace_id")
        ),
        sa.PrimaryKeyConstraint("workspace_id", "response_id", "what", name=op.f("pk_response_news")),
    )
    with op.batch_alter_table("response_news", schema=None) as batch_op:
        batch_op.create_index("ix_response_news_taken_at", ["taken_at"], unique=False)
        batch_op.create_index(
            "ix_response_news_waiting",
            ["received_at", "response_id"],
            unique=False,
            postgresql_where=sa.text("taken_at IS NULL"),
            sqlite_where=sa.text("taken_at IS NULL"),
        )

    op.create_table(
        "signal",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("signal_id", sa.Uuid(), nullable=False),
        sa.Column("rule", sa.String(length=12), nullable=False),
        sa.Column("touchpoint", sa.String(length=64), nullable=False),
        sa.Column("before", sa.String(length=64), nullable=True),
        sa.Column("journey", sa.String(length=64), nullable=True),
        sa.Column("subject", sa.String(length=400), nullable=False),
        sa.Column("regime", sa.Integer(), nullable=False),
        sa.Column("metric", sa.String(length=16), nullable=True),
        sa.Column("series_id", sa.Uuid(), nullable=True),
        sa.Column("response_id", sa.Uuid(), nullable=True),
        sa.Column("facts", db.Json, nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("raised_at", db.UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("known_by", sa.String(length=254), nullable=True),
        sa.Column("known_at", db.UtcDateTime(), nullable=True),
        sa.Column("ended", sa.String(length=12), nullable=False),
        sa.Column("ended_at", db.UtcDateTime(), nullable=True),
        sa.Column("insight_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.workspace_id"], name=op.f("fk_signal_workspace_id")
        ),
        sa.PrimaryKeyConstraint("workspace_id", "signal_id", name=op.f("pk_signal")),
        sa.UniqueConstraint(
            "workspace_id",
            "rule",
            "subject",
            "regime",
            name=op.f("uq_signal_workspace_id_rule_subject_regime"),
        ),
    )
    with op.batch_alter_table("signal", schema=None) as batch_op:
        batch_op.create_index("ix_signal_response", ["workspace_id", "response_id"], unique=False)
        batch_op.create_index("ix_signal_state", ["workspace_id", "state", "signal_id"], unique=False)
        batch_op.create_index(
            "ix_signal_touchpoint", ["workspace_id", "touchpoint", "signal_id"], unique=False
        )

    op.create_table(
        "signal_setting",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("touchpoint", sa.String(length=64), nullable=False),
        sa.Column("off", db.Json, nullable=False),
        sa.Column("per_year", sa.Double(), nullable=False),
        sa.Column("changed_by", sa.String(length=254), nullable=False),
        sa.Column("changed_at", db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.workspace_id"], name=op.f("fk_signal_setting_workspace_id")
        ),
        sa.PrimaryKeyConstraint("workspace_id", "touchpoint", name=op.f("pk_signal_setting")),
    )
    op.create_table(
        "signal_watch",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("touchpoint", sa.String(length=64), nullable=False),
        sa.Column("series_id", sa.Uuid(), nullable=False),
        sa.Column("metric", sa.String(length=16), nullable=False),
        sa.Column("began_on", sa.Date(), nullable=False),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.Column("usual_hits", sa.Integer(), nullable=False),
        sa.Column("usual_n", sa.Integer(), nullable=False),
        sa.Column("laid_out", sa.Integer(), nullable=False),
        sa.Column("p0", sa.Double(), nullable=False),
        sa.Column("p1", sa.Double(), nullable=False),
        sa.Column("threshold", sa.Double(), nullable=False),
        sa.Column("total", sa.Double(), nullable=False),
        sa.Column("run_hits", sa.Integer(), nullable=False),
        sa.Column("run_n", sa.Integer(), nullable=False),
        sa.Column("run_since", sa.Date(), nullable=True),
        sa.Column("alarmed", sa.Boolean(), nullable=False),
        sa.Column("after_hits", sa.Integer(), nullable=False),
        sa.Column("after_n", sa.Integer(), nullable=False),
        sa.Column("back", sa.Double(), nullable=False),
        sa.Column("regime", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.workspace_id"], name=op.f("fk_signal_watch_workspace_id")
        ),
        sa.PrimaryKeyConstraint("workspace_id", "touchpoint", "series_id", name=op.f("pk_signal_watch")),
    )


def downgrade() -> None:
    op.drop_table("signal_watch")
    op.drop_table("signal_setting")
    with op.batch_alter_table("signal", schema=None) as batch_op:
        batch_op.drop_index("ix_signal_touchpoint")
        batch_op.drop_index("ix_signal_state")
        batch_op.drop_index("ix_signal_response")

    op.drop_table("signal")
    with op.batch_alter_table("response_news", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_response_news_waiting",
            postgresql_where=sa.text("taken_at IS NULL"),
            sqlite_where=sa.text("taken_at IS NULL"),
        )
        batch_op.drop_index("ix_response_news_taken_at")

    op.drop_table("response_news")
