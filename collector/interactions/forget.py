"""What erasure removes here: the log of a customer, and the journey instances it adds up to."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from sqlalchemy import and_, delete, or_
from sqlalchemy.orm import Session

from collector.db import Holds, erased
from collector.interactions.models import Interaction, JourneyInstance, Tombstone

HOLDS: Holds = {
    Interaction: {"customer", "transaction", "journey_instance", "persona", "attributes"},
    JourneyInstance: {"customer", "instance_id"},
    Tombstone: {"digest"},
}
"""Table -> the columns that hold a customer's data or words. Tombstones stay: a digest, so that nobody comes back."""


def forget(session: Session, workspace_id: uuid.UUID, customer: str, transactions: Collection[str]) -> int:
    """Erase what a customer did; also what happened to their transactions and names nobody. How many interactions."""
    theirs = and_(Interaction.customer.is_(None), Interaction.transaction.in_(transactions))
    gone = erased(
        session,
        delete(Interaction).where(
            Interaction.workspace_id == workspace_id, or_(Interaction.customer == customer, theirs)
        ),
    )
    instances = delete(JourneyInstance).where(
        JourneyInstance.workspace_id == workspace_id, JourneyInstance.customer == customer
    )
    session.execute(instances)
    return gone
