"""Links that open an account once: handed over by an administrator, or sent by mail."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from collector import errors
from collector.changes import record
from collector.workspaces import passwords
from collector.workspaces.models import AccountLink, Person

LIVES = {"invite": timedelta(days=7), "reset": timedelta(hours=24)}
QUIET = timedelta(minutes=10)
"""So long no second mail goes to the same person, however often somebody asks for one."""


def make(session: Session, person: Person, now: datetime) -> str:
    """The secret of a new link for this person; the one before ends."""
    link = _row(session, person, now)
    secret = secrets.token_urlsafe(32)
    link.hash = _hash(secret)
    session.flush()
    return secret


def post(session: Session, person: Person, now: datetime) -> AccountLink:
    """Let a new link go out by mail; nobody knows its secret until the mail is written."""
    link = _row(session, person, now)
    link.mail_due_at = now
    session.flush()
    return link


def forgotten(session: Session, email: str, now: datetime) -> int:
    """Somebody forgot a password: mail a link to whoever has this address; how many mails that makes.

    A link that an administrator handed over lives on, so that no stranger can end it by asking.
    """
    query = select(Person).where(Person.email == email.strip().lower(), Person.ended_at.is_(None))
    due = [person for person in session.scalars(query) if _may_mail(session, person, now)]
    for person in due:
        post(session, person, now)
        record(session, person.workspace_id, now, person.email, "forgot", "person", str(person.person_id))
    return len(due)


def find(session: Session, secret: str, now: datetime) -> tuple[AccountLink, Person]:
    """(link, person) behind a secret; raises 410 for one that is used, replaced, expired or was never made."""
    link = session.scalars(select(AccountLink).where(AccountLink.hash == _hash(secret))).first()
    person = session.get_one(Person, (link.workspace_id, link.person_id)) if link else None
    if link is None or person is None or link.expires_at <= now or person.ended_at is not None:
        raise errors.Gone("This link was used already, or is past its time. Ask for a new one.", "link_over")
    return link, person


def use(
    session: Session, secret: str, password: str, now: datetime, name: str = "", locale: str | None = None
) -> Person:
    """Open the account behind a link: set the password, and what else is told. Of two at once one wins."""
    link, person = find(session, secret, now)
    passwords.check(password, person.email, name)
    _take(session, link)
    person.password_hash = passwords.make_hash(password)
    person.name, person.locale = name.strip() or person.name, locale or person.locale
    verb = "opened" if link.purpose == "invite" else "new_password"
    record(session, person.workspace_id, now, person.email, verb, "person", str(person.person_id))
    session.flush()
    return person


def use_as(session: Session, secret: str, own: Person, now: datetime) -> Person:
    """Open an invitation with the account that one has in another workspace: one password, one sign-in for both.

    Raises 409 where the invitation is for somebody else, or is none.
    """
    link, person = find(session, secret, now)
    if not is_for(link, person, own):
        raise errors.Conflict("This link is not for the account that is signed in here.", "link_of_another")
    _take(session, link)
    person.password_hash, person.subject = own.password_hash, own.subject
    person.name, person.locale = own.name, own.locale
    record(session, person.workspace_id, now, person.email, "opened", "person", str(person.person_id))
    session.flush()
    return person


def is_for(link: AccountLink, person: Person, own: Person) -> bool:
    """Whether an invitation may be opened with somebody's account of another workspace."""
    elsewhere = own.workspace_id != person.workspace_id
    return link.purpose == "invite" and elsewhere and own.email == person.email


def _take(session: Session, link: AccountLink) -> None:
    """Use a link up; of two at once one gets it."""
    mine = delete(AccountLink).where(
        AccountLink.workspace_id == link.workspace_id, AccountLink.hash == link.hash
    )
    if session.execute(mine).rowcount != 1:  # type: ignore[attr-defined]
        raise errors.Gone("This link was used already.", "link_over")
    session.expunge(link)


def _row(session: Session, person: Person, now: datetime) -> AccountLink:
    purpose = "reset" if person.password_hash else "invite"
    link = session.get(AccountLink, (person.workspace_id, person.person_id))
    if link is None:
        link = AccountLink(workspace_id=person.workspace_id, person_id=person.person_id)
        session.add(link)
    link.purpose, link.created_at, link.expires_at = purpose, now, now + LIVES[purpose]
    link.hash, link.mail_due_at, link.mail_attempts = _hash(secrets.token_urlsafe(32)), None, 0
    return link


def _may_mail(session: Session, person: Person, now: datetime) -> bool:
    link = session.get(AccountLink, (person.workspace_id, person.person_id))
    if link is None or link.expires_at <= now:
        return True
    was_handed_over = link.mail_due_at is None and link.mail_attempts == 0
    return not was_handed_over and link.created_at <= now - QUIET


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
