"""people: roles and scopes, links that open accounts, sign-ins that end when idle

Revision: 0007, after 0006
"""

import sqlalchemy as sa
from alembic import op

from collector import db

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

PERSON = sa.table(
    "person",
    sa.column("workspace_id", sa.Uuid()),
    sa.column("person_id", sa.Uuid()),
    sa.column("role", sa.String()),
    sa.column("stakeholder_key", sa.String()),
    sa.column("scope", db.Json),
)


def upgrade() -> None:
    op.execute("DELETE FROM sign_in")  # everybody signs in once more
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.add_column(sa.Column("sign_in_id", sa.Uuid(), nullable=False))
        batch_op.add_column(sa.Column("browser", sa.String(length=120), nullable=False))
        batch_op.add_column(sa.Column("seen_at", db.UtcDateTime(), nullable=False))
        batch_op.create_index("ix_sign_in_person", ["workspace_id", "person_id"], unique=False)
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("scope", db.Json, nullable=True))
        batch_op.add_column(sa.Column("ended_at", db.UtcDateTime(), nullable=True))
        batch_op.alter_column("password_hash", existing_type=sa.String(length=200), nullable=True)
    _move(op.get_bind())
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_column("stakeholder_key")
    op.create_table(
        "account_link",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", db.UtcDateTime(), nullable=False),
        sa.Column("expires_at", db.UtcDateTime(), nullable=False),
        sa.Column("mail_due_at", db.UtcDateTime(), nullable=True),
        sa.Column("mail_attempts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "person_id"],
            ["person.workspace_id", "person.person_id"],
            name=op.f("fk_account_link_workspace_id_person_id"),
        ),
        sa.PrimaryKeyConstraint("workspace_id", "person_id", name=op.f("pk_account_link")),
    )
    op.create_index("ix_account_link_hash", "account_link", ["hash"])
    op.create_index("ix_account_link_mail_due_at", "account_link", ["mail_due_at"])


def _move(connection: sa.Connection) -> None:
    """Who was ``admin`` is ``administrator``; who stood for one stakeholder has that scope, unless they administer."""
    connection.execute(sa.update(PERSON).where(PERSON.c.role == "admin").values(role="administrator"))
    owned = PERSON.c.stakeholder_key.is_not(None) & (PERSON.c.role != "administrator")
    for row in connection.execute(sa.select(PERSON).where(owned)).all():
        mine = (PERSON.c.workspace_id == row.workspace_id) & (PERSON.c.person_id == row.person_id)
        connection.execute(sa.update(PERSON).where(mine).values(scope=[row.stakeholder_key]))


def downgrade() -> None:
    op.drop_table("account_link")
    connection = op.get_bind()
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("stakeholder_key", sa.String(length=64), nullable=True))
    for row in connection.execute(sa.select(PERSON)).all():
        mine = (PERSON.c.workspace_id == row.workspace_id) & (PERSON.c.person_id == row.person_id)
        said = {"role": "member" if row.role != "administrator" else "admin"}
        key = row.scope[0] if row.scope else None
        connection.execute(sa.update(PERSON).where(mine).values(stakeholder_key=key, **said))
    op.execute("UPDATE person SET password_hash = '' WHERE password_hash IS NULL")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_column("scope")
        batch_op.drop_column("ended_at")
        batch_op.alter_column("password_hash", existing_type=sa.String(length=200), nullable=False)
    op.execute("DELETE FROM sign_in")
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.drop_index("ix_sign_in_person")
        batch_op.drop_column("seen_at")
        batch_op.drop_column("browser")
        batch_op.drop_column("sign_in_id")
