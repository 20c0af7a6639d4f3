"""What erasure removes here: rows of imported files that could not be placed."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from sqlalchemy import delete
from sqlalchemy.orm import Session

from collector.db import Holds, erased
from collector.exchange.models import QuarantinedRow

HOLDS: Holds = {QuarantinedRow: {"customer", "value", "columns"}}
"""Table -> the columns that hold a customer's data or words."""


def forget(session: Session, workspace_id: uuid.UUID, customer: str, transactions: Collection[str]) -> int:
    """Erase the quarantined rows that a mapping gave to this customer; how many."""
    rows = QuarantinedRow.workspace_id == workspace_id, QuarantinedRow.customer == customer
    return erased(session, delete(QuarantinedRow).where(*rows))
