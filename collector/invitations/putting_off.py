"""Remind me later: an open invitation is put off once, for as long as its survey's policy says, within its own life."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from collector import errors, statements
from collector.invitations import policies, tokens
from collector.invitations.models import ASKED_HERE, Invitation


def wait(session: Session, invitation: Invitation, now: datetime) -> timedelta | None:
    """For how long it may be put off; None: not, not again, or it would have expired by then."""
    if invitation.source not in ASKED_HERE or invitation.state != "open" or invitation.later_at is not None:
        return None
    days = policies.of_survey(session, invitation.workspace_id, invitation.survey).remind_later
    return timedelta(days=days) if days and now + timedelta(days=days) < invitation.expires_at else None


def put_off(session: Session, invitation: Invitation, now: datetime) -> None:
    """Put off an invitation that the caller has locked; said twice it is done once. Raises 409 ``not_put_off``."""
    if is_put_off(invitation, now):
        return
    keys = {"workspace_id": invitation.workspace_id, "invitation_id": invitation.invitation_id}
    pause = wait(session, invitation, now)
    if pause is None:
        said = "This question cannot be put off: it was once, or its policy or its time do not allow it."
        raise errors.Conflict(said, "not_put_off")
    shown_at = invitation.shown_at or now
    statements.change(session, Invitation, keys, shown_at=shown_at, later_at=now, not_before=now + pause)


def put_off_until(session: Session, token: str, now: datetime) -> datetime | None:
    """When the question behind a genuine link comes again, where the customer has put it off."""
    workspace_id, facts = tokens.read_token(session, token, now)
    keys = {"workspace_id": workspace_id, "invitation_id": facts.invitation_id}
    invitation = statements.find(session, Invitation, keys)
    return invitation.not_before if invitation and is_put_off(invitation, now) else None


def is_put_off(invitation: Invitation, now: datetime) -> bool:
    """Whether the customer has put it off and its time has not come again."""
    return (
        invitation.state == "open"
        and invitation.later_at is not None
        and invitation.not_before is not None
        and now < invitation.not_before
    )
