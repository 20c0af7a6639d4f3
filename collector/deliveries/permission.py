"""May this be sent, and when: consent on record, no objection, not in the quiet hours.

A survey by e-mail or SMS is advertising in the law's eyes (BGH, 10 July 2018, VI ZR 225/17): without a consent that
can be proved (when, where, to which text) nothing leaves, unless the workspace's policy says otherwise by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from collector import errors, invitations, surveys, workspaces
from collector.contact import Policy, resolve
from collector.deliveries.models import UnsubscribedAddress
from collector.invitations import consented


def check(
    session: Session,
    workspace: workspaces.Workspace,
    invitation: invitations.Invitation,
    way: str,
    address_hash: str,
    consent: Mapping[str, Any] | None,
) -> None:
    """Raises 403 ``opted_out`` after an objection, ``no_consent`` without a consent in this call or on record."""
    if is_unwanted(session, invitation, address_hash):
        raise errors.NotAllowed("This customer asked not to be asked any more.", "opted_out")
    if consent or way not in policy_of(session, workspace, invitation).consent:
        return
    if way not in consented(_subject(session, invitation)):
        detail = (
            "Send the consent with text_version, source and given_at; none is on record for this customer."
        )
        raise errors.NotAllowed(detail, "no_consent", {"consent": ["missing"]})


def is_unwanted(session: Session, invitation: invitations.Invitation, address_hash: str) -> bool:
    """Whether the customer, or whoever reads this address, has objected."""
    subject = _subject(session, invitation)
    if subject is not None and subject.opted_out_at is not None:
        return True
    return session.get(UnsubscribedAddress, (invitation.workspace_id, address_hash)) is not None


def send_after(
    session: Session,
    workspace: workspaces.Workspace,
    invitation: invitations.Invitation,
    way: str,
    now: datetime,
) -> datetime:
    """When a message about this invitation may leave: not before its delay is over, and not in the quiet hours."""
    at = max(now, invitation.not_before or now)
    return policy_of(session, workspace, invitation).awake_at(at, way)


def policy_of(
    session: Session, workspace: workspaces.Workspace, invitation: invitations.Invitation
) -> Policy:
    """The contact policy under which this invitation is sent."""
    survey = surveys.get(session, invitation.workspace_id, invitation.survey)
    return resolve(workspace.settings.get("policy", {}), survey.policy, workspace.timezone)


def _subject(session: Session, invitation: invitations.Invitation) -> invitations.Subject | None:
    key = (invitation.workspace_id, invitation.customer)
    return session.get(invitations.Subject, key) if invitation.customer else None
