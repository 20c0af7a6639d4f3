"""What a page tells of a question that it shows: it was shown, dismissed, abandoned or put off; alone, or many at once."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from collector import one_commit, statements
from collector.invitations import putting_off, tokens
from collector.invitations.models import Invitation

LATER = "later"
"""The event that something must be decided about; of the others it is only kept that they happened."""
CHANGES = ("state", "shown_at", "ended_at")
"""What an event may change of an invitation."""


@dataclass(frozen=True)
class Told:
    """One event, under a link that has been found genuine."""

    workspace_id: uuid.UUID
    invitation_id: uuid.UUID
    event: str
    now: datetime


def note(session: Session, token: str, event: str, now: datetime) -> None:
    """Note that an invitation was shown, dismissed, abandoned or put off; an answered one stays answered."""
    workspace_id, facts = tokens.read_token(session, token, now)
    keys = {"workspace_id": workspace_id, "invitation_id": facts.invitation_id}
    invitation = statements.find(session, Invitation, keys, lock=True)
    if invitation is None:
        return
    if event == LATER and invitation.state in {"open", "waiting"}:
        putting_off.put_off(session, invitation, now)
    elif changed := _changed(invitation.state, invitation.shown_at, event, now):
        statements.change(session, Invitation, keys, **changed)


def note_all(session: Session, told: Sequence[Told]) -> list[bool | None]:
    """Note a batch of events, in order, in two statements for each workspace; True for each that is noted.

    None: it must be told alone: it puts off, or nobody knows its invitation, or somebody else has locked it.
    """
    noted: list[bool | None] = [None] * len(told)
    told_here = ((n, one.workspace_id) for n, one in enumerate(told) if one.event != LATER)
    for workspace_id, places in one_commit.by_workspace(told_here).items():
        asked = sorted({told[n].invitation_id for n in places})
        keys = {"workspace_id": workspace_id}
        columns = ("invitation_id", *CHANGES)
        rows = statements.find_free(session, Invitation, keys, "invitation_id", asked, columns)
        known = {row.invitation_id: {name: getattr(row, name) for name in CHANGES} for row in rows}
        changed: dict[uuid.UUID, dict[str, Any]] = {}
        for n in places:
            one = told[n]
            if (row := known.get(one.invitation_id)) is not None:
                noted[n] = True
                if new := _changed(row["state"], row["shown_at"], one.event, one.now):
                    row |= new
                    changed[one.invitation_id] = row
        statements.change_all(
            session, Invitation, [({**keys, "invitation_id": own}, row) for own, row in changed.items()]
        )
    return noted


def _changed(state: str, shown_at: datetime | None, event: str, now: datetime) -> dict[str, Any]:
    """What an event makes other of an invitation that stands so; nothing of one that is over. Pure."""
    if state not in {"open", "waiting"}:
        return {}
    if event == "dismissed":
        return {"state": "declined", "shown_at": shown_at or now, "ended_at": now}
    return {} if shown_at else {"shown_at": now}
