"""Verbs: take an answer. The first answer to a question stands (the score, once it has settled); a retry changes
nothing; more of it is added.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from collector import errors, invitations, statements, surveys, workspaces
from collector.communities import runs
from collector.responses import adding, announcing, holding, recording
from collector.responses.adding import Submitted, Table
from collector.responses.models import HeldResponse, Response

INHERITED = (
    "workspace_id", "invitation_id", "source", "target", "touchpoint", "journey", "journey_version", "journey_instance", "survey",
    "survey_version", "series_id", "customer", "transaction", "channel", "persona", "variant", "run", "attributes",
    "probability",
)  # fmt: skip
"""What an answer has from the invitation that asked for it."""


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
    adding.check(published, answers, given["complete"])
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
    content = adding.content_of(published, answers, given["complete"], locale, now)
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
    table, row = stored
    more = adding.join(row, published, given, answers, now)
    adding.keep(session, table, [more], now)
    return more.submitted


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


def find(session: Session, workspace_id: uuid.UUID, response_id: uuid.UUID) -> Response:
    """One response of this workspace; raises 404."""
    row = session.get(Response, (workspace_id, response_id))
    if row is None:
        raise errors.NotFound("There is no such response.", "unknown_response")
    return row
