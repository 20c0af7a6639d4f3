"""Verb: let somebody into a panel, with the proof of what they agreed to.

Once per panel, however often and from how many sides at once it is said. Who has left comes back only by their own
click, never by a file; who was erased comes back with a consent that is younger than that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from collector import clock, statements
from collector.communities.panels import contacts
from collector.communities.panels.contacts import Contact
from collector.communities.panels.membership import row_of
from collector.communities.panels.models import Panel, PanelMember
from collector.interactions import tombstones

BY_THEMSELVES = ("link", "answer")


@dataclass(frozen=True)
class Consent:
    """What somebody agreed to: the version of the text, when, and where."""

    text: str
    at: datetime
    source: str


@dataclass(frozen=True)
class Joining:
    """Somebody joins. ``names``: all pseudonyms they may stand under here (``workspaces.pseudonyms.names_of``)."""

    names: Sequence[str]
    source: str
    consent: Consent
    attributes: Mapping[str, Any] = field(default_factory=dict)
    contact: Contact = field(default_factory=Contact)
    locale: str | None = None


@dataclass(frozen=True)
class Joined:
    """``outcome``: joined, updated, known (nothing new), left (they left before) or erased; the member but for that."""

    outcome: str
    member: PanelMember | None = None


def join(session: Session, panel: Panel, given: Joining, now: datetime, secret_keys: Sequence[str]) -> Joined:
    """Let somebody in; an erasure under way is waited for, and a file that comes twice changes nothing."""
    if tombstones.erased_since(
        session, panel.workspace_id, [(name, given.consent.at) for name in given.names]
    ):
        return Joined("erased")
    row = row_of(session, panel, given.names, lock=True)
    if row is None:
        made = _new(panel, given, now)
        if statements.insert_new(session, made):
            row = session.get_one(PanelMember, (panel.workspace_id, made.member_id))
            _keep_contact(session, row, given, secret_keys)
            return Joined("joined", row)
        row = row_of(session, panel, given.names, lock=True)  # somebody else let them in meanwhile
    if row is None:
        return Joined("erased")
    return _again(session, row, given, now, secret_keys)


def _again(
    session: Session, row: PanelMember, given: Joining, now: datetime, secret_keys: Sequence[str]
) -> Joined:
    came_back = row.left_at is not None
    if came_back and given.source not in BY_THEMSELVES:
        return Joined("left", row)
    if came_back:
        row.left_at, row.joined_at, row.source = None, now, given.source
    before = _known(row)
    if came_back or given.consent.at > row.consent_at:
        row.consent_text, row.consent_at = given.consent.text, given.consent.at
        row.consent_source = given.consent.source
    row.attributes = {**row.attributes, **given.attributes}
    row.locale = given.locale or row.locale
    session.flush()
    is_new_contact = _keep_contact(session, row, given, secret_keys)
    is_news = is_new_contact or before != _known(row)
    return Joined("joined" if came_back else "updated" if is_news else "known", row)


def _known(row: PanelMember) -> tuple[Any, ...]:
    return row.consent_text, row.consent_at, row.consent_source, dict(row.attributes), row.locale


def _keep_contact(session: Session, row: PanelMember, given: Joining, secret_keys: Sequence[str]) -> bool:
    """Keep what was given beside what is known; whether that is news."""
    if given.contact.is_empty:
        return False
    known = contacts.opened(session, row.workspace_id, [row.member_id], secret_keys).get(
        row.member_id, Contact()
    )
    new, old = given.contact, known
    wanted = Contact(new.email or old.email, new.phone or old.phone, new.name or old.name)
    if wanted == known:
        return False
    contacts.keep(session, row.workspace_id, row.member_id, wanted, secret_keys)
    return True


def _new(panel: Panel, given: Joining, now: datetime) -> PanelMember:
    return PanelMember(
        workspace_id=panel.workspace_id,
        member_id=clock.new_id(),
        panel=panel.key,
        customer=given.names[0],
        attributes=dict(given.attributes),
        locale=given.locale,
        source=given.source,
        consent_text=given.consent.text,
        consent_at=given.consent.at,
        consent_source=given.consent.source,
        joined_at=now,
        left_at=None,
    )
