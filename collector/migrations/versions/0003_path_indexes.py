"""Indexes for what customers do: journey instances by their beginning, decisions by instance

Revision: 0003, after 0002
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_journey_instance_begun",
        "journey_instance",
        ["workspace_id", "journey", "started_at", "instance_id"],
    )
    op.create_index("ix_decision_instance", "decision", ["workspace_id", "journey_instance"])


def downgrade() -> None:
    op.drop_index("ix_decision_instance", "decision")
    op.drop_index("ix_journey_instance_begun", "journey_instance")
