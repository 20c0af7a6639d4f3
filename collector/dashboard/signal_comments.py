"""What customers wrote that a signal tells of, for those in whose scope it is: read from the answers as they stand."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.responses import Response
from collector.signals import Signal, reading

SHOWN = 3
"""Comments of one signal."""


def of(
    session: Session, workspace_id: uuid.UUID, rows: Sequence[Signal]
) -> Mapping[uuid.UUID, list[Response]]:
    """Signal -> its comments: the one that raised it, or a few of a topic; without those hidden, erased or out of scope."""
    wanted = {row.signal_id: reading.answers(row) for row in rows}
    ids = {each for several in wanted.values() for each in several}
    if not ids:
        return {}
    shown = (Response.comment.is_not(None), Response.hidden_at.is_(None))
    query = select(Response).where(
        Response.workspace_id == workspace_id, Response.response_id.in_(sorted(ids)), *shown
    )
    found = {row.response_id: row for row in session.scalars(query)}
    said = {key: [found[each] for each in several if each in found] for key, several in wanted.items()}
    return {key: rows[:SHOWN] for key, rows in said.items() if rows}
