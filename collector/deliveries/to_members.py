"""The job that sends a run's invitations to members: opens how they are reached, and puts a message on its way.

The message and its place in the ask's row are written together, so that a killed worker sends nothing twice. A reminder
is a new message in the place of the one before; who has answered, declined or left gets none.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from collector import clock, config, errors, invitations, workspaces
from collector.communities import panels, runs
from collector.communities.panels import PanelAsk, PanelMember
from collector.deliveries import actions, addresses, permission

BATCH = 50
Pair = tuple[PanelAsk, PanelMember]


def send_to_members(session: Session, now: datetime, settings: config.Config) -> int:
    """Put up to a batch of messages on their way; how many asks were seen to."""
    by_workspace: dict[uuid.UUID, list[Pair]] = defaultdict(list)
    for each in panels.asking.messages_due(session, now, BATCH):
        by_workspace[each[0].workspace_id].append(each)
    for workspace_id, pairs in by_workspace.items():
        members = [member.member_id for _, member in pairs]
        reached = panels.contacts.opened(session, workspace_id, members, settings.secret_key)
        for ask, member in pairs:
            contact = reached.get(member.member_id, panels.contacts.Contact())
            _send(session, ask, member, contact, now)
    session.flush()
    return sum(map(len, by_workspace.values()))


def _send(
    session: Session, ask: PanelAsk, member: PanelMember, contact: panels.contacts.Contact, now: datetime
) -> None:
    """One message, and when the next one is due."""
    key = (ask.workspace_id, ask.invitation_id)
    invitation = session.get(invitations.Invitation, key, populate_existing=True)
    if invitation is None or invitation.state not in {"open", "waiting"} or invitation.expires_at <= now:
        ask.remind_at = None
        return
    if runs.is_full(session, ask.workspace_id, ask.run, invitation.attributes):
        ask.remind_at, ask.reason = None, "quota_full"
        return
    address = contact.email if ask.way == "email" else contact.phone
    try:
        is_first = _put_on_its_way(session, ask, member, invitation, address, now)
    except errors.AfterwordError as error:
        ask.remind_at, ask.reason = None, error.code if address else "no_address"
        return
    ask.reminded += not is_first
    panel = panels.actions.get(session, ask.workspace_id, member.panel)
    again = ask.reminded < panel.reminders
    ask.remind_at = now + timedelta(days=panel.remind_after_days) if again else None


def _put_on_its_way(
    session: Session,
    ask: PanelAsk,
    member: PanelMember,
    invitation: invitations.Invitation,
    address: str,
    now: datetime,
) -> bool:
    """Whether this is the first message; raises 403 where nothing may be sent there, 422 for no address."""
    workspace = workspaces.get(session, ask.workspace_id)
    address = addresses.checked(ask.way, address)
    hashed = addresses.hashed(workspaces.pseudonyms.address_key_of(workspace), ask.way, address)
    if permission.is_unwanted(session, invitation, hashed):
        raise errors.NotAllowed("This customer asked not to be asked any more.", "opted_out")
    stored = actions.stored(session, invitation, ask.way)
    to = actions.To(ask.way, address, hashed, _consent(member))
    if stored is None:
        actions.put(session, workspace, invitation, to, now)
        return True
    actions.put_again(session, workspace, invitation, stored, to, now)
    return False


def _consent(member: PanelMember) -> dict[str, str]:
    at = clock.iso(member.consent_at)
    return {"text_version": member.consent_text, "source": member.consent_source, "given_at": at}
