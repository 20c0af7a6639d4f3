"""What erasure removes here: a customer's test orders with what was answered to them."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from sqlalchemy import delete, or_
from sqlalchemy.orm import Session

from collector.db import Holds, erased
from collector.test_mode.models import TestOrder

HOLDS: Holds = {TestOrder: {"customer", "transaction", "locale", "answers"}}
"""Table -> the columns that hold a customer's data or words."""


def forget(session: Session, workspace_id: uuid.UUID, customer: str, transactions: Collection[str]) -> int:
    """Erase the test orders of a customer, and of their transactions; how many."""
    theirs = or_(TestOrder.customer == customer, TestOrder.transaction.in_(transactions))
    return erased(session, delete(TestOrder).where(TestOrder.workspace_id == workspace_id, theirs))
