"""What is let go of here: the words of old answers. Their scores stay, and with them every figure."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import errors, surveys
from collector.instruments import takes_text
from collector.responses import recording
from collector.responses.models import Response

NOUN = "comment"


def old(session: Session, workspace_id: uuid.UUID, before: datetime, most: int) -> list[uuid.UUID]:
    """Some of the answers from before a moment that still have a comment."""
    mine = Response.workspace_id == workspace_id, Response.occurred_at < before, Response.comment.is_not(None)
    return list(
        session.scalars(select(Response.response_id).where(*mine).order_by(Response.occurred_at).limit(most))
    )


def let_go(session: Session, workspace_id: uuid.UUID, before: datetime, most: int) -> int:
    """Take the words out of some of them, those of every open question; how many answers."""
    ids = old(session, workspace_id, before, most)
    rows = session.scalars(
        select(Response).where(Response.workspace_id == workspace_id, Response.response_id.in_(ids))
    ).all()
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
