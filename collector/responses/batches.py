"""Answers under invitations that are known, written together: the common case, decided by the rules of ``actions``.

An answer whose trigger has not arrived is decided first, with others like it. What is not plain is left to be taken
alone, in a transaction of its own: a survey with a quota, an invitation that another request has locked.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy.orm import Session

from collector import errors, invitations, one_commit, signing, statements, surveys
from collector.communities import runs
from collector.invitations import Invitation
from collector.responses import actions, adding, announcing
from collector.responses.adding import Submitted
from collector.responses.models import Response


class Left(Enum):
    """Why an answer was not taken in a batch."""

    UNKNOWN = "no free invitation is stored under its link"


UNKNOWN = Left.UNKNOWN
Outcome = Submitted | errors.AfterwordError | Left | None
"""Stored, refused, not met here, or to be taken alone."""
COLUMNS = tuple(dict.fromkeys((*actions.INHERITED, "state", "shown_at", "expires_at", "cancel_on", "locale")))
"""What must be known of an invitation to take its first answer."""
WHOLE = tuple(column.key for column in Response.__table__.columns)
"""What must be known of an answer to add to it."""


@dataclass(frozen=True)
class Given:
    """One answer as it was sent, under a link that has been found genuine."""

    workspace_id: uuid.UUID
    link: signing.Invitation
    said: dict[str, Any]
    now: datetime

    @property
    def invitation_id(self) -> uuid.UUID:
        return self.link.invitation_id


@dataclass(frozen=True)
class _First:
    """An answer that may be stored: its place in the batch, its invitation, its row."""

    index: int
    invitation: Invitation
    row: dict[str, Any]
    now: datetime


@dataclass(frozen=True)
class _More:
    """More of an answer that stands: its place in the batch, its invitation, what was asked, what is answered now."""

    index: int
    invitation: Invitation
    published: surveys.Published
    answers: dict[str, Any]


def take(session: Session, given: Sequence[Given]) -> list[Outcome]:
    """Store what is plain of a batch, first answers in three statements for each workspace; an outcome for each, in order."""
    outcomes: list[Outcome] = [None] * len(given)
    for workspace_id, indexes in _distinct(given).items():
        asked = {given[i].invitation_id: i for i in indexes}
        keys = {"workspace_id": workspace_id}
        found = statements.find_free(session, Invitation, keys, "invitation_id", list(asked), COLUMNS)
        for index in set(indexes) - {asked[row.invitation_id] for row in found}:
            outcomes[index] = UNKNOWN
        _take(session, [(asked[row.invitation_id], row) for row in found], given, outcomes)
    return outcomes


def take_by_link(session: Session, given: Sequence[Given]) -> list[Outcome]:
    """The same for answers whose triggers have not arrived: these are decided first, all at once."""
    outcomes: list[Outcome] = [None] * len(given)
    for workspace_id, indexes in _distinct(given).items():
        asked = {given[i].invitation_id: i for i in indexes}
        now = max(given[i].now for i in indexes)
        made = invitations.decide_by_links(session, workspace_id, [given[i].link for i in indexes], now)
        _take(session, [(asked[row.invitation_id], row) for row in made], given, outcomes)
    return outcomes


def _take(
    session: Session, asked: Sequence[tuple[int, Invitation]], given: Sequence[Given], outcomes: list[Outcome]
) -> None:
    """Store the answers to some invitations of one workspace that are ours until the end of the transaction."""
    firsts = _decided(session, asked, given, outcomes)
    new = statements.insert_new_values(session, Response, [first.row for first in firsts])
    stored = [first for first in firsts if (first.row["workspace_id"], first.row["response_id"]) in new]
    invitations.close(session, [(first.invitation, first.now) for first in stored])
    announcing.stored(session, [first.row for first in stored], max(each.now for each in given))
    for first in stored:
        outcomes[first.index] = actions.made(first.row)


def _distinct(given: Sequence[Given]) -> dict[uuid.UUID, list[int]]:
    """Workspace -> places in the batch; of several answers to one invitation, or of one id, the first alone."""
    firsts: list[tuple[int, uuid.UUID]] = []
    seen: set[uuid.UUID] = set()
    for index, one in enumerate(given):
        names = {one.invitation_id, one.said["response_id"]}
        if not names & seen:
            firsts.append((index, one.workspace_id))
        seen |= names
    return one_commit.by_workspace(firsts)


def _decided(
    session: Session,
    asked: Sequence[tuple[int, Invitation]],
    given: Sequence[Given],
    outcomes: list[Outcome],
) -> list[_First]:
    """Those that may be stored; more of what stands is added, and who is refused is told so among the outcomes."""
    firsts, more = [], []
    for index, invitation in asked:
        one = given[index]
        is_more = invitation.state == "answered"
        if not is_more and not _is_plain(session, invitation, one.now):
            continue
        try:
            published, answers = actions.read(session, invitation, one.said)
            if is_more:
                more.append(_More(index, invitation, published, answers))
                continue
            row = actions.first_row(session, invitation, published, one.said, answers, one.now)
        except errors.AfterwordError as refused:
            outcomes[index] = refused
            continue
        firsts.append(_First(index, invitation, row, one.now))
    _add(session, more, given, outcomes)
    return firsts


def _add(session: Session, more: Sequence[_More], given: Sequence[Given], outcomes: list[Outcome]) -> None:
    """Add to answers of one workspace that stand; one that somebody else has locked is left to be taken alone."""
    if not more:
        return
    asked = {each.invitation.invitation_id: each for each in more}
    keys = {"workspace_id": more[0].invitation.workspace_id}
    added = []
    for row in statements.find_free(session, Response, keys, "invitation_id", list(asked), WHOLE):
        each = asked[row.invitation_id]
        one = given[each.index]
        try:
            joined = adding.join(row, each.published, one.said, each.answers, one.now)
        except errors.AfterwordError as refused:
            outcomes[each.index] = refused
            continue
        added.append(joined)
        outcomes[each.index] = joined.submitted
    adding.keep(session, Response, added, max(each.now for each in given))


def _is_plain(session: Session, invitation: Invitation, now: datetime) -> bool:
    workspace_id, is_open = invitation.workspace_id, invitations.takes_first_answer(invitation, now)
    is_counted = surveys.has_quota(session, workspace_id, invitation.survey)
    return is_open and not is_counted and not runs.has_cells(session, workspace_id, invitation.run)
