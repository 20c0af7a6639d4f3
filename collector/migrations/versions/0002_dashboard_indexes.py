"""Indexes for response rates, for answers not counted yet and for what nobody has defined

Revision: 0002, after 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_decision_unassigned",
        "decision",
        ["workspace_id"],
        postgresql_where=sa.text("reason = 'unknown_touchpoint'"),
        sqlite_where=sa.text("reason = 'unknown_touchpoint'"),
    )
    op.create_index(
        "ix_interaction_unassigned",
        "interaction",
        ["workspace_id", "touchpoint", "received_at"],
        postgresql_where=sa.text("known_touchpoint IS false"),
        sqlite_where=sa.text("known_touchpoint IS 0"),
    )
    op.drop_index("ix_invitation_touchpoint", "invitation")
    op.create_index(
        "ix_invitation_touchpoint",
        "invitation",
        ["workspace_id", "touchpoint", "created_at", "source", "journey", "state", "shown_at"],
    )
    _index_uncounted(["workspace_id", "metric", "respondent", "day"])


def downgrade() -> None:
    _index_uncounted(["workspace_id", "series_id"])
    op.drop_index("ix_invitation_touchpoint", "invitation")
    op.create_index("ix_invitation_touchpoint", "invitation", ["workspace_id", "touchpoint", "created_at"])
    op.drop_index("ix_interaction_unassigned", "interaction")
    op.drop_index("ix_decision_unassigned", "decision")


def _index_uncounted(columns: list[str]) -> None:
    op.drop_index("ix_response_uncounted", "response")
    op.create_index(
        "ix_response_uncounted",
        "response",
        columns,
        postgresql_where=sa.text("counted_at IS NULL AND score IS NOT NULL"),
        sqlite_where=sa.text("counted_at IS NULL AND score IS NOT NULL"),
    )
