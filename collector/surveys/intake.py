"""Whether a survey takes an answer: while it runs, until its quota is full, and a day longer for who was at it."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from collector import errors, revisions
from collector.surveys import running
from collector.surveys.models import Survey
from collector.surveys.running import state_of

LATE = timedelta(days=1)  # an answer that was on its way when the survey ended still counts


def is_open(session: Session, workspace_id: uuid.UUID, key: str, now: datetime) -> bool:
    """Whether a survey takes a new answer now."""
    survey = running.known(session, workspace_id).get(key)
    return survey is not None and state_of(survey, now) == "running"


def check_open(
    session: Session, workspace_id: uuid.UUID, key: str, now: datetime, shown_at: datetime | None = None
) -> None:
    """Raises 410 ``survey_closed`` where a survey takes no new answer (now).

    Who had the question before them when it ended (``shown_at``) may still send the answer for a day.
    """
    survey = running.known(session, workspace_id).get(key)
    state = state_of(survey, now) if survey else "closed"
    ends_at = survey.ends_at if survey else None
    if state == "ended" and ends_at and shown_at and shown_at < ends_at and now < ends_at + LATE:
        return
    if state != "running":
        raise errors.Gone("This survey is over. Thank you for your interest!", "survey_closed")


def has_quota(session: Session, workspace_id: uuid.UUID, key: str) -> bool:
    """Whether a survey takes so many answers and no more."""
    survey = running.known(session, workspace_id).get(key)
    return survey is not None and survey.quota is not None


def take_place(session: Session, workspace_id: uuid.UUID, key: str) -> None:
    """Count one answer towards a quota; raises 410 ``survey_closed`` for the one too many, however many come at once."""
    survey = running.known(session, workspace_id).get(key)
    if survey is None or survey.quota is None:
        return
    counted = session.execute(
        update(Survey)
        .where(
            Survey.workspace_id == workspace_id,
            Survey.key == key,
            Survey.quota.is_(None) | (Survey.answered < Survey.quota),
        )
        .values(answered=Survey.answered + 1)
        .returning(Survey.answered, Survey.quota)
        .execution_options(synchronize_session=False)
    ).first()
    if counted is not None and counted.answered == counted.quota:
        revisions.bump(session, workspace_id)  # full: from now on nobody else need be asked
    if counted is None:
        raise errors.Gone("This survey has all the answers it wanted. Thank you!", "survey_closed")
