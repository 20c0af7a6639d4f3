"""What erasure removes here: what became of a customer, under their pseudonym or on their way."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from collector.db import Holds, erased
from collector.interactions import JourneyInstance
from collector.outcomes.models import Outcome

HOLDS: Holds = {Outcome: {"key", "customer", "journey_instance"}}
"""Table -> the columns that hold a customer's data or words."""


def forget(session: Session, workspace_id: uuid.UUID, customer: str, transactions: Collection[str]) -> int:
    """Erase what became of a customer, also where only their way is named; how many outcomes."""
    ways = select(JourneyInstance.instance_id).where(
        JourneyInstance.workspace_id == workspace_id, JourneyInstance.customer == customer
    )
    theirs = or_(Outcome.customer == customer, Outcome.journey_instance.in_(ways))
    return erased(session, delete(Outcome).where(Outcome.workspace_id == workspace_id, theirs))
