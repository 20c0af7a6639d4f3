"""What waits has an index of its own, which holds nothing else

Revision: 0009, after 0008
"""

from collector.migrations import online

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    online.create_index(
        "ix_invitation_waiting", "invitation", ["not_before", "invitation_id"], where="state = 'waiting'"
    )
    online.drop_index("ix_invitation_state", "invitation")


def downgrade() -> None:
    online.create_index("ix_invitation_state", "invitation", ["workspace_id", "state", "not_before"])
    online.drop_index("ix_invitation_waiting", "invitation")
