"""What erasure removes here: a customer's answers from the figures, and from the groups that tell who gave them."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from sqlalchemy.orm import Session

from collector.db import Holds
from collector.invitations import Invitation
from collector.kpis import asks, groups, rollups
from collector.kpis.models import GroupMember, GroupTally
from collector.responses import theirs

HOLDS: Holds = {GroupMember: {"category"}, GroupTally: {"part"}}
"""Table -> the columns that hold a customer's data or words."""


def forget(session: Session, workspace_id: uuid.UUID, customer: str, transactions: Collection[str]) -> int:
    """Take a customer's answers and invitations out of cells and groups, before they are erased; how many answers were counted."""
    asks.uncount(
        session, workspace_id, (Invitation.workspace_id == workspace_id) & (Invitation.customer == customer)
    )
    erased = theirs(workspace_id, customer, transactions)
    counted = rollups.uncount(session, erased)
    groups.forget(session, workspace_id, erased)
    return counted
