"""The one hand that makes a response row: answers, answers from elsewhere, imports and the demo's all come through here.

What a row says (answers, score, comment and its stems) and what it belongs to (its tags) are put together with its
day; what customers typed is cleaned, and masked where the workspace wants it, before anything is kept.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from collector import days, invitations, revisions, surveys, workspaces
from collector.instruments import takes_text
from collector.responses import text
from collector.responses.models import Response
from collector.responses.stemming import stems

TAGS: Mapping[str, Any] = {
    "invitation_id": None,
    "source": "solicited",
    "respondent": "customer",
    "target": "touchpoint",
    "journey": None,
    "journey_version": None,
    "journey_instance": None,
    "customer": None,
    "transaction": None,
    "channel": None,
    "persona": None,
    "variant": None,
    "run": None,
    "attributes": {},
    "context": {},
    "probability": 1.0,
    "locale": None,
}
"""What an answer may belong to, with what holds where nothing is said."""

PLACE = ("workspace_id", "response_id", "touchpoint", "survey", "survey_version", "series_id", "metric")
"""What every answer belongs to."""

RESPONDENTS = ("customer", "employee", "partner")


def columns(
    tags: Mapping[str, Any],
    content: Mapping[str, Any],
    occurred_at: datetime,
    received_at: datetime,
    zone: str,
) -> dict[str, Any]:
    """All columns of a new row: its place and tags, its ``content``, its times and its day in the workspace's ``zone``.

    Raises KeyError for a place that is not named and TypeError for a tag that nobody knows.
    """
    if unknown := tags.keys() - TAGS.keys() - set(PLACE):
        raise TypeError(f"no such tags: {sorted(unknown)}")
    return {
        **{name: tags[name] for name in PLACE},
        **{name: tags.get(name, otherwise) for name, otherwise in TAGS.items()},
        **content,
        "occurred_at": occurred_at,
        "day": days.day_of(occurred_at, zone),
        "received_at": received_at,
        "counted_at": None,
        "hidden_at": None,
    }


def content_of(
    answers: Mapping[str, Any], score: int | None, locale: str | None, complete: bool, now: datetime
) -> dict[str, Any]:
    """The columns that hold what was said; also for more of it, which joins a row that stands."""
    comment = answers.get("comment") or None
    return {
        "answers": dict(answers),
        "score": score,
        "comment": comment,
        "comment_stems": stems(comment, locale),
        "complete": complete,
        "updated_at": now,
    }


def take_words(row: Response, questions: Collection[str]) -> None:
    """Take out of an answer what was said in words to these questions; its score stays."""
    row.answers = {key: said for key, said in row.answers.items() if key not in questions}
    row.comment, row.comment_stems = None, None


def tidy(published: surveys.Published, answers: Mapping[str, Any], masked: bool) -> dict[str, Any]:
    """Answers as they are kept: texts cleaned, and what was typed freely masked where the workspace wants it."""
    typed = {question.id for question in published.template.questions if takes_text(question.kind)}
    return {
        question: text.kept(answer, masked) if question in typed else text.clean(answer)
        for question, answer in answers.items()
    }


def masks(session: Session, workspace_id: uuid.UUID) -> bool:
    """Whether this workspace masks addresses and numbers in what customers type."""
    return revisions.remember(
        session,
        workspace_id,
        "masks comments",
        lambda: invitations.policy(workspaces.facts(session, workspace_id)).mask_comments,
    )
