"""What a department does about a comment: seen, working on it, done; each mark is in the record."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from collector import errors, responses
from collector.changes import record
from collector.dashboard.models import CommentMark

STATES = ("seen", "working", "done")


def mark(
    session: Session, workspace_id: uuid.UUID, response_id: uuid.UUID, state: str, by: str, now: datetime
) -> CommentMark:
    """Say how far a department is with a comment; raises 404 for one that is not in the session's scope."""
    if state not in STATES:
        raise errors.BadInput("There is no such mark.", fields={"state": ["must be seen, working or done"]})
    responses.find(session, workspace_id, response_id)
    row = session.get(CommentMark, (workspace_id, response_id))
    before = {"state": row.state} if row else None
    if row is None:
        row = CommentMark(workspace_id=workspace_id, response_id=response_id)
        session.add(row)
    row.state, row.marked_by, row.marked_at = state, by, now
    session.flush()
    record(session, workspace_id, now, by, "marked", "comment", str(response_id), before, {"state": state})
    return row


def done(workspace_id: uuid.UUID) -> Select[Any]:
    """The comments that nobody need look at any more."""
    mine = CommentMark.workspace_id == workspace_id, CommentMark.state == "done"
    return select(CommentMark.response_id).where(*mine)


def of(
    session: Session, workspace_id: uuid.UUID, response_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, CommentMark]:
    """The marks of some comments."""
    query = select(CommentMark).where(
        CommentMark.workspace_id == workspace_id, CommentMark.response_id.in_(response_ids)
    )
    return {row.response_id: row for row in session.scalars(query)}
