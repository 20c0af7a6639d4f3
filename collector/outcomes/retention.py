"""What is let go of here: what became of customers long ago, kind by kind, as the index has it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import ColumnElement, delete
from sqlalchemy.orm import Session

from collector import db
from collector.old_rows import Kind, Place
from collector.outcomes import kinds
from collector.outcomes.models import Outcome

NOUN = "outcome"
KIND = Kind(Outcome.key, Outcome.occurred_at)


def places(session: Session, workspace_id: uuid.UUID) -> Iterator[Place]:
    """Where there may be some."""
    for kind in kinds.KINDS:
        yield Outcome.workspace_id == workspace_id, Outcome.kind == kind


def let_go(session: Session, workspace_id: uuid.UUID, which: ColumnElement[bool], before: datetime) -> int:
    """Delete them; how many."""
    return db.erased(session, delete(Outcome).where(which))
