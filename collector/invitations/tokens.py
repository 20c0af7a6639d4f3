"""Invitations as signed tokens: reading those of the SDK, making those of the collector."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from collector import errors, signing, workspaces
from collector.invitations.models import Invitation


def token_of(session: Session, invitation: Invitation, now: datetime) -> str:
    """A token for an invitation, signed by the collector's own key."""
    return sign(workspaces.signing_key(session, invitation.workspace_id), invitation, now)


def sign(key: tuple[str, str], invitation: Invitation, now: datetime) -> str:
    """The same with the (kid, secret) at hand, for many invitations in a row."""
    kid, secret = key
    facts = signing.Invitation(
        invitation_id=invitation.invitation_id,
        trigger_id=invitation.trigger_id or invitation.invitation_id,
        touchpoint=invitation.touchpoint,
        expires_at=invitation.expires_at,
        journey=invitation.journey,
        customer=invitation.customer,
        transaction=invitation.transaction,
        journey_instance=invitation.journey_instance,
        locale=invitation.locale,
        channel=invitation.channel,
        persona=invitation.persona,
        not_before=invitation.not_before,
        run=invitation.run,
        variant=invitation.variant,
    )
    return signing.sign_invitation(kid, secret, facts, now)


def read_token(session: Session, token: str, now: datetime) -> tuple[uuid.UUID, signing.Invitation]:
    """(workspace, facts) of a genuine invitation token; raises 401 ``bad_token`` or 410 ``invitation_expired``."""
    key, facts = workspaces.read_invitation(session, token, now)
    return key.workspace_id, facts


def sender(session: Session, token: str) -> tuple[uuid.UUID, str | None] | None:
    """(workspace, locale) of a genuine invitation token, expired or not; None of any other."""
    found: dict[str, workspaces.KeyFacts] = {}
    try:
        kid, facts = signing.read_any_invitation(token, workspaces.secret_lookup(session, found))
    except signing.BadToken:
        return None
    return found[kid].workspace_id, facts.locale


def customer_of(session: Session, token: str, now: datetime) -> tuple[uuid.UUID, str, str | None] | None:
    """(workspace, touchpoint, customer) of an invitation's genuine token; None of any other."""
    try:
        workspace_id, facts = read_token(session, token, now)
    except errors.AfterwordError:
        return None
    return workspace_id, facts.touchpoint, facts.customer


def read_customer(session: Session, token: str, now: datetime) -> tuple[uuid.UUID, str]:
    """(workspace, pseudonym) of a genuine customer token; raises 401 ``bad_token``."""
    found: dict[str, workspaces.KeyFacts] = {}
    try:
        kid, customer = signing.read_customer(token, workspaces.secret_lookup(session, found), now)
    except signing.BadToken:
        raise errors.NotAuthenticated(
            "This customer token is not genuine or has expired.", "bad_token"
        ) from None
    return found[kid].workspace_id, customer
