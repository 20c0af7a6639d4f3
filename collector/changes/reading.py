"""The record, a page at a time."""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.changes.models import Change

PAGE = 50
LARGEST_PAGE = 500


def changes(
    session: Session,
    workspace_id: uuid.UUID,
    *,
    noun: str | None = None,
    key: str | None = None,
    before: uuid.UUID | None = None,
    limit: int = PAGE,
) -> list[Change]:
    """Who changed what, newest first; ``before`` is the last change of the page before."""
    table = Change
    query = select(table).where(table.workspace_id == workspace_id)
    if noun is not None:
        query = query.where(table.noun == noun)
    if key is not None:
        query = query.where(table.key == key)
    if before is not None:
        query = query.where(table.change_id < before)
    return list(session.scalars(query.order_by(table.change_id.desc()).limit(min(limit, LARGEST_PAGE))))
