"""rotate the key of pseudonyms

Revision: 0026, after 0025
"""

import sqlalchemy as sa
from alembic import op

from collector import db

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("workspace", sa.Column("previous_pseudonym_key", sa.LargeBinary(length=16), nullable=True))
    op.add_column("workspace", sa.Column("pseudonyms_since", db.UtcDateTime(), nullable=True))
    op.add_column("workspace", sa.Column("address_key", sa.LargeBinary(length=16), nullable=True))
    op.create_table(
        "pseudonym_alias",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("old", sa.String(length=27), nullable=False),
        sa.Column("new", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.workspace_id"], name=op.f("fk_pseudonym_alias_workspace_id")
        ),
        sa.PrimaryKeyConstraint("workspace_id", "old", name=op.f("pk_pseudonym_alias")),
    )
    op.create_index("ix_pseudonym_alias_new", "pseudonym_alias", ["workspace_id", "new"])


def downgrade() -> None:
    op.drop_table("pseudonym_alias")
    op.drop_column("workspace", "address_key")
    op.drop_column("workspace", "pseudonyms_since")
    op.drop_column("workspace", "previous_pseudonym_key")
