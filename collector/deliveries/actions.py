"""Verbs: put an invitation on its way (once per invitation and way), look at deliveries, take an objection.

A delivery is written in the transaction of whoever asks for it, so that neither exists without the other.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import clock, errors, invitations, signing, statements, workspaces
from collector.deliveries import addresses, permission
from collector.deliveries.models import Delivery, UnsubscribedAddress
from collector.outgoing import signature


@dataclass(frozen=True)
class To:
    """Where a message goes: the way, the address and its hash, and the consent that it rests on."""

    way: str
    address: str
    address_hash: str
    consent: dict[str, Any]


def request(
    session: Session, workspace: workspaces.Workspace, given: Mapping[str, Any], now: datetime
) -> tuple[Delivery, bool]:
    """(delivery, whether it is new) for an invitation; the same again changes nothing.

    Raises 403 ``no_consent`` or ``opted_out``, 404, 409 ``delivery_exists`` (another address), 410, 422 ``bad_address``.
    """
    invitation = _invitation(session, workspace.workspace_id, given)
    way, address = given["way"], addresses.checked(given["way"], given["address"])
    hashed = addresses.hashed(workspaces.pseudonyms.address_key_of(workspace), way, address)
    known = stored(session, invitation, way)
    if known is not None:
        return _same(known, hashed), False
    _check_open(invitation, now)
    permission.check(session, workspace, invitation, way, hashed, given["consent"])
    consent = _recorded(session, invitation, way, given["consent"], now)
    return put(session, workspace, invitation, To(way, address, hashed, consent), now), True


def put(
    session: Session,
    workspace: workspaces.Workspace,
    invitation: invitations.Invitation,
    to: To,
    now: datetime,
) -> Delivery:
    """Put an invitation on its way; raises 503 where somebody else does so right now."""
    row = Delivery(
        workspace_id=workspace.workspace_id,
        delivery_id=clock.new_id(),
        invitation_id=invitation.invitation_id,
        way=to.way,
        address=to.address,
        address_hash=to.address_hash,
        code=secrets.token_urlsafe(9),
        consent=to.consent,
        state="queued",
        attempts=0,
        run_after=permission.send_after(session, workspace, invitation, to.way, now),
        created_at=now,
    )
    if not statements.insert_new(session, row):
        raise errors.Unavailable("This delivery is being stored right now. Try again.", retry_after=1)
    return session.get_one(Delivery, (row.workspace_id, row.delivery_id))


def put_again(
    session: Session,
    workspace: workspaces.Workspace,
    invitation: invitations.Invitation,
    row: Delivery,
    to: To,
    now: datetime,
) -> None:
    """A reminder: a new message, by its own id, in the place of the one before; links of that one lead on."""
    row.delivery_id, row.state, row.attempts = clock.new_id(), "queued", 0
    row.address, row.address_hash, row.consent = to.address, to.address_hash, to.consent
    row.run_after = permission.send_after(session, workspace, invitation, to.way, now)
    row.lease_until = row.last_error = row.ended_at = None
    row.created_at = now
    session.flush()


def recent(
    session: Session, workspace_id: uuid.UUID, state: str | None = None, limit: int = 50
) -> list[Delivery]:
    """Deliveries, newest first, of one state where it is named."""
    query = select(Delivery).where(Delivery.workspace_id == workspace_id)
    if state is not None:
        query = query.where(Delivery.state == state)
    return list(session.scalars(query.order_by(Delivery.delivery_id.desc()).limit(limit)))


def by_code(session: Session, code: str) -> Delivery:
    """The delivery whose short link this is; raises 404."""
    row = session.scalars(select(Delivery).where(Delivery.code == code)).first() if len(code) == 12 else None
    if row is None:
        raise errors.NotFound("There is no such link.", "unknown_link")
    return row


def unsubscribe_token(session: Session, delivery: Delivery, customer: str | None, now: datetime) -> str:
    """The token of this delivery's unsubscribe link."""
    kid, secret = workspaces.signing_key(session, delivery.workspace_id)
    link = signing.Stop(delivery.way, delivery.address_hash, customer)
    return signing.sign_stop(kid, secret, link, now)


def read_unsubscribe(session: Session, token: str) -> tuple[workspaces.Workspace, signing.Stop]:
    """Whose objection a link carries; raises 401 ``bad_token``."""
    found: dict[str, workspaces.KeyFacts] = {}
    try:
        kid, link = signing.read_stop(token, workspaces.secret_lookup(session, found))
    except signing.BadToken:
        raise errors.NotAuthenticated(
            "This link is not genuine, or its key was revoked.", "bad_token"
        ) from None
    return workspaces.get(session, found[kid].workspace_id), link


def unsubscribe(session: Session, token: str, now: datetime) -> workspaces.Workspace:
    """Ask this address no more, and this customer in no other way either; a second time changes nothing."""
    workspace, link = read_unsubscribe(session, token)
    row = UnsubscribedAddress(
        workspace_id=workspace.workspace_id, address_hash=link.address_hash, way=link.way, since=now
    )
    statements.insert_new(session, row)
    if link.customer is not None:
        invitations.opt_out(session, workspace.workspace_id, link.customer, now)
    return workspace


def block(session: Session, workspace: workspaces.Workspace, way: str, address: str, since: datetime) -> bool:
    """Send nothing to an address any more, as it bounces, and say whether that is new; raises 422 for no address."""
    key = workspaces.pseudonyms.address_key_of(workspace)
    row = UnsubscribedAddress(
        workspace_id=workspace.workspace_id,
        address_hash=addresses.hashed(key, way, addresses.checked(way, address)),
        way=way,
        since=since,
    )
    return statements.insert_new(session, row)


def set_sms_gateway(session: Session, workspace: workspaces.Workspace, url: str) -> str:
    """Send this workspace's text messages through a webhook; its new signing secret, told this once."""
    secret = signature.new_secret()
    workspace.settings = {**workspace.settings, "sms": {"url": url, "secret": secret}}
    session.flush()
    return secret


def _invitation(
    session: Session, workspace_id: uuid.UUID, given: Mapping[str, Any]
) -> invitations.Invitation:
    table = invitations.Invitation
    query = select(table).where(table.workspace_id == workspace_id)
    if given["invitation_id"] is not None:
        query = query.where(table.invitation_id == given["invitation_id"])
    else:
        query = query.where(table.transaction == given["transaction"])
    invitation = session.scalars(query.order_by(table.created_at.desc())).first()
    if invitation is None:
        detail = "There is no invitation for this; its trigger has not arrived, or was decided otherwise."
        raise errors.NotFound(detail, "unknown_invitation")
    return invitation


def stored(session: Session, invitation: invitations.Invitation, way: str) -> Delivery | None:
    """The delivery of an invitation by a way, if there is one."""
    query = select(Delivery).where(
        Delivery.workspace_id == invitation.workspace_id,
        Delivery.invitation_id == invitation.invitation_id,
        Delivery.way == way,
    )
    return session.scalars(query).first()


def _same(stored: Delivery, hashed: str) -> Delivery:
    if stored.address_hash != hashed:
        raise errors.Conflict("This invitation is on its way to another address already.", "delivery_exists")
    return stored


def _check_open(invitation: invitations.Invitation, now: datetime) -> None:
    if invitation.state == "answered":
        raise errors.Gone("This invitation was answered already.", "invitation_answered")
    if invitation.state not in {"open", "waiting"}:
        raise errors.Gone("This invitation was withdrawn.", "survey_closed")
    if invitation.expires_at <= now:
        raise errors.Gone("This invitation has expired.", "invitation_expired")


def _recorded(
    session: Session,
    invitation: invitations.Invitation,
    way: str,
    given: Mapping[str, Any] | None,
    now: datetime,
) -> dict[str, Any]:
    """Keep the proof of consent with the customer and with the delivery; {} where none came with this call."""
    if given is None:
        return {}
    record = {"given": True, "channel": way, "at": given["given_at"], **given}
    if invitation.customer is not None:
        invitations.record_consent(session, invitation.workspace_id, invitation.customer, record, now)
    return {**given, "given_at": clock.iso(given["given_at"])}
