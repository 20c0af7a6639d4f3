"""What erasure removes here: signals that one customer's answer raised."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from collector.db import Holds, erased
from collector.responses import Response, theirs
from collector.signals.models import Signal

HOLDS: Holds = {}
"""A signal holds figures and the answer's id, no customer's data or words."""


def forget(session: Session, workspace_id: uuid.UUID, customer: str, transactions: Collection[str]) -> int:
    """Erase the signals that a customer's answers raised, before the answers go; how many."""
    return forget_answers(session, workspace_id, theirs(workspace_id, customer, transactions))


def forget_answers(session: Session, workspace_id: uuid.UUID, which: ColumnElement[bool]) -> int:
    """The same for answers that are about to be deleted."""
    ids = select(Response.response_id).where(which)
    rows = (Signal.workspace_id == workspace_id, Signal.response_id.in_(ids))
    return erased(session, delete(Signal).where(*rows))
