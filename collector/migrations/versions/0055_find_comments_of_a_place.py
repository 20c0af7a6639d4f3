"""find the newest comments of a touchpoint, or of a journey, without reading the answers between them

Revision: 0055, after 0054
"""

from collector.migrations import online

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None
PLACES = ("touchpoint", "journey")


def upgrade() -> None:
    for place in PLACES:
        online.create_index(
            f"ix_response_commented_{place}",
            "response",
            ["workspace_id", place, "occurred_at", "response_id"],
            where="comment IS NOT NULL",
        )


def downgrade() -> None:
    for place in PLACES:
        online.drop_index(f"ix_response_commented_{place}", "response")
