"""Letting go of the record's oldest rows: the chain then begins later, and says with which hash."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from collector import db
from collector.changes.chain import BATCH
from collector.changes.models import Change, ChangeHead
from collector.old_rows import Kind, Place

KIND = Kind(Change.change_id, Change.at)


def let_go(session: Session, workspace_id: uuid.UUID, before: datetime) -> int:
    """Delete a batch of rows from before a moment, from the chain's beginning without a gap; how many went."""
    query = select(ChangeHead).where(ChangeHead.workspace_id == workspace_id)
    head = session.scalars(db.lock(session, query).execution_options(populate_existing=True)).first()
    rows = _oldest(session, workspace_id, before) if head else []
    if head is None or not rows:
        return 0
    numbers = [row.number for row in rows]
    mine = Change.workspace_id == workspace_id, Change.number.in_(numbers)
    head.kept_from, head.kept_hash = (rows[-1].number or 0) + 1, rows[-1].hash or ""
    session.execute(delete(Change).where(*mine))
    session.flush()
    return len(rows)


def is_old(session: Session, workspace_id: uuid.UUID, before: datetime) -> bool:
    """Whether the chain begins with a row from before a moment."""
    first = _chained(workspace_id).limit(1)
    return any(row.at < before for row in session.scalars(first))


def places(session: Session, workspace_id: uuid.UUID) -> Iterator[Place]:
    """Where there may be some: one place, the whole record."""
    yield (Change.workspace_id == workspace_id,)


def _oldest(session: Session, workspace_id: uuid.UUID, before: datetime) -> Sequence[Change]:
    found: list[Change] = []
    for row in session.scalars(_chained(workspace_id).limit(BATCH)):
        if row.at >= before:
            break
        found.append(row)
    return found


def _chained(workspace_id: uuid.UUID) -> Select[Any]:
    numbered = Change.workspace_id == workspace_id, Change.number.is_not(None)
    return select(Change).where(*numbered).order_by(Change.number)
