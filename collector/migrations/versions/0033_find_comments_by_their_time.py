"""Find comments by their time: a page of a whole company reads those of its period, not all answers

Revision: 0033, after 0032
"""

from collector.migrations import online

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    online.create_index(
        "ix_response_commented", "response", ["workspace_id", "occurred_at"], where="comment IS NOT NULL"
    )


def downgrade() -> None:
    online.drop_index("ix_response_commented", "response")
