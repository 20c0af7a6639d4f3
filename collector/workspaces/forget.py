"""What erasure removes here: which new pseudonym an old one has become, while a rotation is open."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from sqlalchemy import delete, or_
from sqlalchemy.orm import Session

from collector.db import Holds, erased
from collector.workspaces.models import PseudonymAlias

HOLDS: Holds = {PseudonymAlias: {"old", "new"}}


def forget(session: Session, workspace_id: uuid.UUID, customer: str, transactions: Collection[str]) -> int:
    """Erase the pair that a customer's pseudonym stands in; how many."""
    theirs = or_(PseudonymAlias.old == customer, PseudonymAlias.new == customer)
    return erased(session, delete(PseudonymAlias).where(PseudonymAlias.workspace_id == workspace_id, theirs))
