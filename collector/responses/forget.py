"""What erasure removes here: a customer's answers."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, delete, or_
from sqlalchemy.orm import Session

from collector.db import Holds, erased
from collector.responses.models import HeldResponse, Response

SAID = {
    "customer",
    "transaction",
    "journey_instance",
    "persona",
    "locale",
    "attributes",
    "answers",
    "comment",
    "comment_stems",
    "context",
}
HOLDS: Holds = {Response: SAID, HeldResponse: SAID | {"page"}}
"""Table -> the columns that hold a customer's data or words."""


def theirs(workspace_id: uuid.UUID, customer: str, transactions: Collection[str]) -> ColumnElement[bool]:
    """A customer's answers, and those to their transactions that name nobody."""
    unnamed = and_(Response.customer.is_(None), Response.transaction.in_(transactions))
    return and_(Response.workspace_id == workspace_id, or_(Response.customer == customer, unnamed))


def forget(session: Session, workspace_id: uuid.UUID, customer: str, transactions: Collection[str]) -> int:
    """Erase a customer's answers; how many. The figures forget them before (see ``kpis``)."""
    apart = and_(HeldResponse.workspace_id == workspace_id, HeldResponse.customer == customer)
    held = erased(session, delete(HeldResponse).where(apart))
    return held + erased(session, delete(Response).where(theirs(workspace_id, customer, transactions)))
