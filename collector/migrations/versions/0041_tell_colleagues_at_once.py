"""tell colleagues at once

Revision: 0041, after 0040
"""

import sqlalchemy as sa
from alembic import op

from collector import db

revision = '0041'
down_revision = '0040'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('instant_news',
    sa.Column('workspace_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('occasion', sa.String(length=80), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('key', sa.Uuid(), nullable=False),
    sa.Column('noticed_at', db.UtcDateTime(), nullable=False),
    sa.Column('due_at', db.UtcDateTime(), nullable=False),
    sa.Column('mail_id', sa.Uuid(), nullable=True),
    sa.Column('told_at', db.UtcDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['workspace_id', 'person_id'], ['person.workspace_id', 'person.person_id'], name=op.f('fk_instant_news_workspace_id_person_id')),
    sa.PrimaryKeyConstraint('workspace_id', 'person_id', 'occasion', name=op.f('pk_instant_news'))
    )
    with op.batch_alter_table('instant_news', schema=None) as batch_op:
        batch_op.create_index('ix_instant_news_due_at', ['told_at', 'due_at'], unique=False)

    op.create_table('mail_wish',
    sa.Column('workspace_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('signals', sa.String(length=8), nullable=False),
    sa.Column('insights', sa.String(length=8), nullable=False),
    sa.Column('actions', sa.String(length=8), nullable=False),
    sa.Column('since', db.UtcDateTime(), nullable=False),
    sa.Column('stop_key', sa.String(length=43), nullable=False),
    sa.Column('told_at', db.UtcDateTime(), nullable=True),
    sa.Column('lease_until', db.UtcDateTime(), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['workspace_id', 'person_id'], ['person.workspace_id', 'person.person_id'], name=op.f('fk_mail_wish_workspace_id_person_id')),
    sa.PrimaryKeyConstraint('workspace_id', 'person_id', name=op.f('pk_mail_wish'))
    )
    with op.batch_alter_table('mail_wish', schema=None) as batch_op:
        batch_op.create_index('ix_mail_wish_stop_key', ['stop_key'], unique=False)



def downgrade() -> None:
    op.drop_table("mail_wish")
    op.drop_table("instant_news")
