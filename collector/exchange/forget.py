"""What erasure removes here: rows of imported files that could not be placed, and what other tools delivered."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from sqlalchemy import delete
from sqlalchemy.orm import Session

from collector.db import Holds, erased
from collector.exchange.models import Arrival, QuarantinedRow

HOLDS: Holds = {
    QuarantinedRow: {"customer", "value", "columns"},
    Arrival: {"customer", "body", "why", "digest"},
}
"""Table -> the columns that hold a customer's data or words."""


def forget(session: Session, workspace_id: uuid.UUID, customer: str, transactions: Collection[str]) -> int:
    """Erase the quarantined rows and the deliveries that are known to be this customer's; how many."""
    arrived = Arrival.workspace_id == workspace_id, Arrival.customer == customer
    rows = QuarantinedRow.workspace_id == workspace_id, QuarantinedRow.customer == customer
    gone = erased(session, delete(Arrival).where(*arrived))
    return gone + erased(session, delete(QuarantinedRow).where(*rows))
