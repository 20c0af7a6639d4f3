"""watch response rates

Revision: 0040, after 0039
"""

import sqlalchemy as sa
from alembic import op

from collector import db

revision = '0040'
down_revision = '0039'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('ask_clock',
    sa.Column('workspace_id', sa.Uuid(), nullable=False),
    sa.Column('reached', db.UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['workspace_id'], ['workspace.workspace_id'], name=op.f('fk_ask_clock_workspace_id')),
    sa.PrimaryKeyConstraint('workspace_id', name=op.f('pk_ask_clock'))
    )
    with op.batch_alter_table('ask_clock', schema=None) as batch_op:
        batch_op.create_index('ix_ask_clock_reached', ['reached'], unique=False)

    op.create_table('ask_watch',
    sa.Column('workspace_id', sa.Uuid(), nullable=False),
    sa.Column('touchpoint', sa.String(length=64), nullable=False),
    sa.Column('began_on', sa.Date(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=True),
    sa.Column('told', sa.Integer(), nullable=False),
    sa.Column('usual_hits', sa.Integer(), nullable=False),
    sa.Column('usual_n', sa.Integer(), nullable=False),
    sa.Column('laid_out', sa.Integer(), nullable=False),
    sa.Column('p0', sa.Double(), nullable=False),
    sa.Column('p1', sa.Double(), nullable=False),
    sa.Column('threshold', sa.Double(), nullable=False),
    sa.Column('total', sa.Double(), nullable=False),
    sa.Column('run_hits', sa.Integer(), nullable=False),
    sa.Column('run_n', sa.Integer(), nullable=False),
    sa.Column('run_since', sa.Date(), nullable=True),
    sa.Column('alarmed', sa.Boolean(), nullable=False),
    sa.Column('after_hits', sa.Integer(), nullable=False),
    sa.Column('after_n', sa.Integer(), nullable=False),
    sa.Column('back', sa.Double(), nullable=False),
    sa.Column('regime', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['workspace_id'], ['workspace.workspace_id'], name=op.f('fk_ask_watch_workspace_id')),
    sa.PrimaryKeyConstraint('workspace_id', 'touchpoint', name=op.f('pk_ask_watch'))
    )


def downgrade() -> None:
    op.drop_table('ask_watch')
    with op.batch_alter_table('ask_clock', schema=None) as batch_op:
        batch_op.drop_index('ix_ask_clock_reached')

    op.drop_table('ask_clock')
