"""What is let go of here: what became of customers long ago, kind by kind, as the index has it."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from collector import db
from collector.outcomes import kinds
from collector.outcomes.models import Outcome

NOUN = "outcome"


def old(session: Session, workspace_id: uuid.UUID, before: datetime, most: int) -> list[str]:
    """Some of the outcomes from before a moment."""
    found: list[str] = []
    for kind in kinds.KINDS:
        here = Outcome.workspace_id == workspace_id, Outcome.kind == kind, Outcome.occurred_at < before
        found += session.scalars(
            select(Outcome.key).where(*here).order_by(Outcome.occurred_at).limit(most - len(found))
        )
        if len(found) >= most:
            break
    return found


def let_go(session: Session, workspace_id: uuid.UUID, before: datetime, most: int) -> int:
    """Delete some of them; how many."""
    keys = old(session, workspace_id, before, most)
    return (
        db.erased(session, delete(Outcome).where(Outcome.workspace_id == workspace_id, Outcome.key.in_(keys)))
        if keys
        else 0
    )
