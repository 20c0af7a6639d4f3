"""Asks that were made elsewhere, by another system or on the phone: here they only start the waits."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from collector import statements, surveys
from collector.invitations.models import Invitation


def note_contact(session: Session, answer: Any, asked_at: datetime) -> None:
    """Somebody asked this customer elsewhere, and had this answer (a response): their waits begin then."""
    names = (
        "workspace_id target touchpoint journey journey_version journey_instance survey survey_version series_id customer "
        "channel persona locale attributes"
    )
    given = {name: getattr(answer, name) for name in names.split()}
    times = dict.fromkeys(("created_at", "expires_at", "asked_at", "shown_at", "ended_at"), asked_at)
    made = Invitation(
        invitation_id=answer.response_id, source="solicited", state="answered", **given, **times
    )
    statements.insert_new(session, made)


def note_asked(
    session: Session,
    survey: surveys.Published,
    invitation_id: uuid.UUID,
    customer: str,
    outcome: str,
    at: datetime,
) -> bool:
    """Another system asked this customer: their waits begin then. In no figure; the same id again changes nothing.

    Says whether it was news.
    """
    ended_at = None if outcome == "ignored" else at
    made = Invitation(
        workspace_id=survey.workspace_id,
        invitation_id=invitation_id,
        source="imported",
        target=survey.target,
        touchpoint=survey.touchpoint,
        survey=survey.key,
        survey_version=survey.version,
        series_id=survey.series_id,
        customer=customer,
        attributes={},
        state="open" if outcome == "ignored" else outcome,
        created_at=at,
        expires_at=at,
        asked_at=at,
        shown_at=at,
        ended_at=ended_at,
    )
    return statements.insert_new(session, made)


def note_contacts(session: Session, answers: Sequence[Mapping[str, Any]]) -> None:
    """The same of answers that were imported, given as columns of their rows: asked elsewhere, and answered."""
    names = (
        "workspace_id target touchpoint journey journey_version survey survey_version series_id customer "
        "channel persona locale"
    )
    made = [
        Invitation(
            **{name: answer[name] for name in names.split()},
            **dict.fromkeys(
                ("created_at", "expires_at", "asked_at", "shown_at", "ended_at"), answer["occurred_at"]
            ),
            invitation_id=answer["response_id"],
            source="imported",
            state="answered",
            attributes={},
        )
        for answer in answers
    ]
    statements.insert_new_rows(session, made)
