"""What is let go of here: the words of old answers. Their scores stay, and with them every figure."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from collector import db, errors, surveys
from collector.instruments import takes_text
from collector.old_rows import Kind, Place
from collector.responses import recording
from collector.responses.models import Response

NOUN = "comment"
KIND = Kind(Response.response_id, Response.occurred_at)


def places(session: Session, workspace_id: uuid.UUID) -> Iterator[Place]:
    """Where there may be some: one place, the index of comments."""
    yield Response.workspace_id == workspace_id, Response.comment.is_not(None)


def let_go(session: Session, workspace_id: uuid.UUID, which: ColumnElement[bool], before: datetime) -> int:
    """Take the words out of them, those of every open question; how many answers."""
    rows = session.scalars(db.lock(session, select(Response).where(which))).all()
    open_ones: dict[tuple[str, int], set[str]] = {}
    for row in rows:
        asked = row.survey, row.survey_version
        if asked not in open_ones:
            open_ones[asked] = _open(session, workspace_id, *asked)
        recording.take_words(row, open_ones[asked])
    session.flush()
    return len(rows)


def _open(session: Session, workspace_id: uuid.UUID, survey: str, version: int) -> set[str]:
    """The questions of a survey that were answered in words."""
    try:
        asked = surveys.version(session, workspace_id, survey, version).template.questions
    except errors.NotFound:  # of another system: it brought a score and a comment
        return {"comment"}
    return {"comment"} | {question.id for question in asked if takes_text(question.kind)}
