"""ask the unhappy again

Revision: 0043, after 0042
"""

import sqlalchemy as sa
from alembic import op

from collector import db

revision = '0043'
down_revision = '0042'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('follow_up',
    sa.Column('workspace_id', sa.Uuid(), nullable=False),
    sa.Column('insight_id', sa.Uuid(), nullable=False),
    sa.Column('customer', sa.String(length=27), nullable=False),
    sa.Column('response_id', sa.Uuid(), nullable=False),
    sa.Column('touchpoint', sa.String(length=64), nullable=False),
    sa.Column('survey', sa.String(length=64), nullable=False),
    sa.Column('channel', sa.String(length=16), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('reason', sa.String(length=32), nullable=True),
    sa.Column('run_after', db.UtcDateTime(), nullable=False),
    sa.Column('trigger_id', sa.Uuid(), nullable=True),
    sa.Column('invitation_id', sa.Uuid(), nullable=True),
    sa.Column('enlisted_at', db.UtcDateTime(), nullable=False),
    sa.Column('asked_at', db.UtcDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['workspace_id', 'insight_id'], ['insight.workspace_id', 'insight.insight_id'], name=op.f('fk_follow_up_workspace_id_insight_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('workspace_id', 'insight_id', 'customer', name=op.f('pk_follow_up'))
    )
    with op.batch_alter_table('follow_up', schema=None) as batch_op:
        batch_op.create_index('ix_follow_up_customer', ['workspace_id', 'customer'], unique=False)
        batch_op.create_index('ix_follow_up_waiting', ['run_after'], unique=False, postgresql_where=sa.text("state = 'waiting'"), sqlite_where=sa.text("state = 'waiting'"))



def downgrade() -> None:
    with op.batch_alter_table('follow_up', schema=None) as batch_op:
        batch_op.drop_index('ix_follow_up_waiting', postgresql_where=sa.text("state = 'waiting'"), sqlite_where=sa.text("state = 'waiting'"))
        batch_op.drop_index('ix_follow_up_customer')

    op.drop_table('follow_up')
