"""Keep panels and their members

Revision: 0036, after 0035
"""

import sqlalchemy as sa
from alembic import op

from collector import db

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "panel",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("rest_days", sa.Integer(), nullable=False),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.Column("remind_after_days", sa.Integer(), nullable=False),
        sa.Column("joins_at", sa.String(length=64), nullable=True),
        sa.Column("created_at", db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.workspace_id"], name=op.f("fk_panel_workspace_id")
        ),
        sa.PrimaryKeyConstraint("workspace_id", "key", name=op.f("pk_panel")),
    )
    op.create_table(
        "panel_consent",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("panel", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("texts", db.Json, nullable=False),
        sa.Column("created_at", db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "panel"],
            ["panel.workspace_id", "panel.key"],
            name=op.f("fk_panel_consent_workspace_id_panel"),
        ),
        sa.PrimaryKeyConstraint("workspace_id", "panel", "version", name=op.f("pk_panel_consent")),
    )
    op.create_table(
        "panel_member",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("panel", sa.String(length=64), nullable=False),
        sa.Column("customer", sa.String(length=27), nullable=False),
        sa.Column("attributes", db.Json, nullable=False),
        sa.Column("locale", sa.String(length=35), nullable=True),
        sa.Column("source", sa.String(length=12), nullable=False),
        sa.Column("consent_text", sa.String(length=64), nullable=False),
        sa.Column("consent_at", db.UtcDateTime(), nullable=False),
        sa.Column("consent_source", sa.String(length=200), nullable=False),
        sa.Column("joined_at", db.UtcDateTime(), nullable=False),
        sa.Column("left_at", db.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "panel"],
            ["panel.workspace_id", "panel.key"],
            name=op.f("fk_panel_member_workspace_id_panel"),
        ),
        sa.PrimaryKeyConstraint("workspace_id", "member_id", name=op.f("pk_panel_member")),
        sa.UniqueConstraint(
            "workspace_id", "panel", "customer", name=op.f("uq_panel_member_workspace_id_panel_customer")
        ),
    )
    with op.batch_alter_table("panel_member", schema=None) as batch_op:
        batch_op.create_index("ix_panel_member_customer", ["workspace_id", "customer"], unique=False)

    op.create_table(
        "panel_ask",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("run", sa.String(length=64), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("way", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=True),
        sa.Column("invitation_id", sa.Uuid(), nullable=True),
        sa.Column("run_after", db.UtcDateTime(), nullable=False),
        sa.Column("asked_at", db.UtcDateTime(), nullable=True),
        sa.Column("reminded", sa.Integer(), nullable=False),
        sa.Column("remind_at", db.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "member_id"],
            ["panel_member.workspace_id", "panel_member.member_id"],
            name=op.f("fk_panel_ask_workspace_id_member_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "run", "member_id", name=op.f("pk_panel_ask")),
    )
    with op.batch_alter_table("panel_ask", schema=None) as batch_op:
        batch_op.create_index("ix_panel_ask_invitation", ["workspace_id", "invitation_id"], unique=False)
        batch_op.create_index("ix_panel_ask_member", ["workspace_id", "member_id", "asked_at"], unique=False)
        batch_op.create_index(
            "ix_panel_ask_reminder",
            ["remind_at"],
            unique=False,
            postgresql_where=sa.text("remind_at IS NOT NULL"),
            sqlite_where=sa.text("remind_at IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_panel_ask_waiting",
            ["run_after"],
            unique=False,
            postgresql_where=sa.text("state = 'waiting'"),
            sqlite_where=sa.text("state = 'waiting'"),
        )

    op.create_table(
        "panel_contact",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("key_name", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "member_id"],
            ["panel_member.workspace_id", "panel_member.member_id"],
            name=op.f("fk_panel_contact_workspace_id_member_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "member_id", name=op.f("pk_panel_contact")),
    )
    with op.batch_alter_table("panel_contact", schema=None) as batch_op:
        batch_op.create_index("ix_panel_contact_key_name", ["workspace_id", "key_name"], unique=False)



def downgrade() -> None:
    for table in ("panel_contact", "panel_ask", "panel_member", "panel_consent", "panel"):
        op.drop_table(table)
