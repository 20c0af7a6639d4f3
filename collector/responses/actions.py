"""Verbs: take an answer. The first answer to a question stands (the score, once it has settled); a retry changes
nothing; more of it is added.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from collector import errors, invitations, statements, surveys, workspaces
from collector.communities import runs
from collector.responses import announcing, holding, news, recording, settling
from collector.responses.models import HeldResponse, Response

Table = type[Response] | type[HeldResponse]

INHERITED = (
    "workspace_id", "invitation_id", "source", "target", "touchpoint", "journey", "journey_version", "journey_instance", "survey",
    "survey_version", "series_id", "customer", "transaction", "channel", "persona", "variant", "run", "attributes",
    "probability",
)  # fmt: skip
"""What an answer has from the invitation that asked for it."""


@dataclass(frozen=True)
class Submitted:
    """What is stored of a response, and whether this call made it."""

    response_id: uuid.UUID | None
    answers: Mapping[str, Any]
    complete: bool
    is_new: bool
    source: str
    place: str


def made(columns: Mapping[str, Any]) -> Submitted:
    """What a new response says, told of its columns."""
    place = f"{columns['workspace_id']}/{columns['touchpoint']}"
    names = ("response_id", "answers", "complete", "source")
    return Submitted(is_new=True, place=place, **{name: columns[name] for name in names})


def never(_session: Session, _workspace_id: uuid.UUID, _touchpoint: str, _page: str, _now: datetime) -> None:
    """No limit."""


def submit(session: Session, given: dict[str, Any], now: datetime, over: holding.Over = never) -> Submitted:
    """Store an answer under its signed token; one that nobody asked for and that is ``over`` a limit is held apart.

    Raises 401, 404 (nothing was asked), 409 ``already_answered`` or ``answer_conflict``, 410 (expired, withdrawn,
    ``survey_closed``), 422 with a code per question. Who has begun may finish, closed or not.
    """
    invitation = invitations.open_token(session, given["token"], now)
    if invitation is None:
        raise errors.NotFound("Nothing was asked under this link.", "nothing_asked")
    published, answers = read(session, invitation, given)
    known = (session, invitation, published, given, answers, now)
    return (again(*known) if invitation.state == "answered" else None) or _first(*known, over)


def read(
    session: Session, invitation: invitations.Invitation, given: dict[str, Any]
) -> tuple[surveys.Published, dict[str, Any]]:
    """What was asked under an invitation, and the answers to it as they are kept: cleaned and masked."""
    published = surveys.version(
        session, invitation.workspace_id, invitation.survey, invitation.survey_version
    )
    masked = recording.masks(session, invitation.workspace_id)
    return published, recording.tidy(published, given["answers"], masked)


def first_row(
    session: Session,
    invitation: invitations.Invitation,
    published: surveys.Published,
    given: dict[str, Any],
    answers: dict[str, Any],
    now: datetime,
) -> dict[str, Any]:
    """The columns of an invitation's first answer; raises 410 where its survey is over, 422 where an answer does not fit."""
    check(published, answers, given["complete"])
    if invitation.source in invitations.ASKED_HERE:
        surveys.check_open(session, invitation.workspace_id, published.key, now, invitation.shown_at)
    context = {name: given[name] for name in ("mode", "layout", "dir", "viewport", "widget") if given[name]}
    context |= {name: value for name, value in given["context"].items() if value}
    locale = given["locale"] or invitation.locale
    tags = {
        **{name: getattr(invitation, name) for name in INHERITED},
        "response_id": given["response_id"],
        "metric": published.metric,
        "context": context,
        "locale": locale,
    }
    content = _content(published, answers, given["complete"], locale, now)
    zone = workspaces.facts(session, invitation.workspace_id).timezone
    return recording.columns(tags, content, now, now, zone)


def _first(
    session: Session,
    invitation: invitations.Invitation,
    published: surveys.Published,
    given: dict[str, Any],
    answers: dict[str, Any],
    now: datetime,
    over: holding.Over,
) -> Submitted:
    row = first_row(session, invitation, published, given, answers, now)
    flood = holding.flood(session, row, over, now)
    is_new = (
        holding.hold(session, row, flood, now)
        if flood
        else bool(statements.insert_new_values(session, Response, [row]))
    )
    if not is_new:
        more = again(session, invitation, published, given, answers, now)
        if more is None:  # the id belongs to another invitation's answer
            raise errors.Conflict("This invitation was answered already. Thank you!", "already_answered")
        return more
    if invitation.source == "solicited":
        surveys.take_place(session, invitation.workspace_id, published.key)
        runs.count_answer(session, invitation.workspace_id, invitation.run, invitation.attributes)
    invitations.close(session, [(invitation, now)])
    if not flood:
        announcing.stored(session, [row], now)
    return made(row)


def again(
    session: Session,
    invitation: invitations.Invitation,
    published: surveys.Published,
    given: dict[str, Any],
    answers: dict[str, Any],
    now: datetime,
) -> Submitted | None:
    """More of the answer that stands, or the same once more; None: none stands. Raises 409 for somebody else's."""
    stored = _stored(session, invitation)
    if stored is None:
        return None
    if stored[1].response_id != given["response_id"]:
        raise errors.Conflict("This invitation was answered already. Thank you!", "already_answered")
    return _more(session, *stored, published, given, answers, now)


def _more(
    session: Session,
    table: Table,
    response: Any,
    published: surveys.Published,
    given: dict[str, Any],
    answers: dict[str, Any],
    now: datetime,
) -> Submitted:
    """Add to an answer, a row of its table to read."""
    changed = [
        key for key, answer in answers.items() if key in response.answers and response.answers[key] != answer
    ]
    if changed and not settling.may_change(response, changed, now):
        fields = {f"answers.{key}": ["answered already; the first answer stands"] for key in changed}
        raise errors.Conflict(
            "This question was answered already; the first answer stands.", "answer_conflict", fields
        )
    joined = {**response.answers, **answers}
    complete = response.complete or given["complete"]
    check(published, joined, complete)
    is_now_whole = complete and not response.complete
    if joined != response.answers or is_now_whole:
        content = _content(published, joined, complete, response.locale, now)
        keys = {"workspace_id": response.workspace_id, "response_id": response.response_id}
        statements.change(session, table, keys, **content)
        response = response._replace(**content)
        if answers.get("comment") and table is Response:
            news.note(session, [response], "comment", now)
    if is_now_whole and table is Response:
        announcing.completed(session, response, now)
    return Submitted(
        response.response_id,
        response.answers,
        response.complete,
        is_new=False,
        source=response.source,
        place=f"{response.workspace_id}/{response.touchpoint}",
    )


def answer_to(session: Session, invitation: invitations.Invitation) -> Response | HeldResponse | None:
    """What the customer has answered so far under an invitation, to read."""
    if invitation.state != "answered":
        return None  # with the first answer it is
    keys = {"workspace_id": invitation.workspace_id, "invitation_id": invitation.invitation_id}
    found = statements.find(session, Response, keys)
    if found is None and invitation.source == "volunteered":
        return statements.find(session, HeldResponse, keys)
    return found


def _stored(session: Session, invitation: invitations.Invitation) -> tuple[Table, Any] | None:
    """The answer that stands under an invitation, locked, to read; and its table."""
    keys = {"workspace_id": invitation.workspace_id, "invitation_id": invitation.invitation_id}
    tables: tuple[Table, ...] = (
        (Response, HeldResponse) if invitation.source == "volunteered" else (Response,)
    )
    for table in tables:
        if (found := statements.find(session, table, keys, lock=True)) is not None:
            return table, found
    return None


def check(published: surveys.Published, answers: dict[str, Any], complete: bool) -> None:
    """Raises 422 with a code for each answer that does not fit its question."""
    refused = surveys.check_answers(published, answers, complete)
    if refused:
        fields = {f"answers.{key}": [code] for key, code in refused.items()}
        raise errors.BadInput("Some answers do not fit their questions.", "invalid_answers", fields)


def _content(
    published: surveys.Published, answers: dict[str, Any], complete: bool, locale: str | None, now: datetime
) -> dict[str, Any]:
    return recording.content_of(answers, surveys.score_of(published, answers), locale, complete, now)


def find(session: Session, workspace_id: uuid.UUID, response_id: uuid.UUID) -> Response:
    """One response of this workspace; raises 404."""
    row = session.get(Response, (workspace_id, response_id))
    if row is None:
        raise errors.NotFound("There is no such response.", "unknown_response")
    return row
