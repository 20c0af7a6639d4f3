"""What erasure removes here: the messages on their way to a customer, with their addresses."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from collector import invitations
from collector.db import Holds, erased
from collector.deliveries.models import Delivery, UnsubscribedAddress

HOLDS: Holds = {
    Delivery: {"address", "address_hash", "code", "consent", "last_error"},
    UnsubscribedAddress: {"address_hash"},
}
"""Table -> the columns that hold a customer's data or words."""


def forget(session: Session, workspace_id: uuid.UUID, customer: str, transactions: Collection[str]) -> int:
    """Erase a customer's deliveries; how many.

    An address that was objected to keeps its keyed hash: it is whoever reads there who asked for no more.
    """
    table = invitations.Invitation
    theirs = select(table.invitation_id).where(table.workspace_id == workspace_id, table.customer == customer)
    rows = Delivery.workspace_id == workspace_id, Delivery.invitation_id.in_(theirs)
    return erased(session, delete(Delivery).where(*rows))
