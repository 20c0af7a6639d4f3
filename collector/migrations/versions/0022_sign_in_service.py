"""know people by a sign-in service's subject

Revision: 0022, after 0021
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("person") as batch:
        batch.add_column(sa.Column("subject", sa.String(64)))
        batch.create_unique_constraint(op.f("uq_person_workspace_id_subject"), ["workspace_id", "subject"])


def downgrade() -> None:
    with op.batch_alter_table("person") as batch:
        batch.drop_constraint(op.f("uq_person_workspace_id_subject"), type_="unique")
        batch.drop_column("subject")
