"""What erasure removes here: that a customer was to be asked again. An insight cites answers by their ids alone."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from sqlalchemy import delete
from sqlalchemy.orm import Session

from collector.db import Holds, erased
from collector.insights.models import FollowUp

HOLDS: Holds = {FollowUp: {"customer"}}
"""Table -> the columns that hold a customer's data or words."""


def forget(session: Session, workspace_id: uuid.UUID, customer: str, transactions: Collection[str]) -> int:
    """Erase a customer's follow-ups; how many."""
    rows = FollowUp.workspace_id == workspace_id, FollowUp.customer == customer
    return erased(session, delete(FollowUp).where(*rows))
