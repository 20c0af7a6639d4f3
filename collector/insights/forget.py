"""What erasure removes and new pseudonyms rename here: that a customer was to be asked again.

An insight cites answers by their ids alone.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from collector.db import Holds, erased
from collector.insights.models import FollowUp

HOLDS: Holds = {FollowUp: {"customer"}}
"""Table -> the columns that hold a customer's data or words."""


def forget(session: Session, workspace_id: uuid.UUID, customer: str, transactions: Collection[str]) -> int:
    """Erase a customer's follow-ups; how many."""
    rows = FollowUp.workspace_id == workspace_id, FollowUp.customer == customer
    return erased(session, delete(FollowUp).where(*rows))


def merge(session: Session, workspace_id: uuid.UUID, old: str, new: str) -> None:
    """Before a customer is renamed: where an insight lists both names, one stays, so that nobody is asked twice.

    That is whoever was asked, else the old one.
    """
    query = select(FollowUp.insight_id, FollowUp.customer, FollowUp.state).where(
        FollowUp.workspace_id == workspace_id, FollowUp.customer.in_([old, new])
    )
    listed: dict[uuid.UUID, dict[str, str]] = {}
    for insight_id, customer, state in session.execute(query):
        listed.setdefault(insight_id, {})[customer] = state
    for insight_id, states in sorted(listed.items()):
        if len(states) == 2:
            leaves = old if states[new] == "asked" != states[old] else new
            row = FollowUp.insight_id == insight_id, FollowUp.customer == leaves
            session.execute(delete(FollowUp).where(FollowUp.workspace_id == workspace_id, *row))
