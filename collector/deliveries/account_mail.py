"""Mails to people: the link to a forgotten password, written when it leaves, so that its secret is stored nowhere.

At most once per try: a link is made new for each, and the one before ends.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from random import SystemRandom

import structlog
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from collector import config, db, locale, looks, workspaces
from collector.addresses import Addresses
from collector.deliveries import smtp
from collector.outgoing import SendingFailed, mails, retry
from collector.workspaces import AccountLink, Person, account_links, company

log = structlog.get_logger("collector.deliveries")
_chance = SystemRandom()


@dataclass(frozen=True)
class Parcel:
    """One mail, the link that it carries, and that link's hash."""

    mail: EmailMessage
    link: tuple[uuid.UUID, uuid.UUID]
    hash: str


def send_account_mails(session: Session, now: datetime, settings: config.Config) -> int:
    """Send one mail that is due; how many that was. Of ``session`` only the engine is used."""
    sessions = db.make_sessions(session.get_bind())  # type: ignore[arg-type]
    with sessions.begin() as claiming:
        parcel = _claim(claiming, settings, now)
    if parcel is None:
        return 0
    try:
        with smtp.Mailer(smtp.read(settings.smtp_url)) as mailer:
            mailer.send(parcel.mail)
    except SendingFailed as failure:
        log.warning("account_mail_failed", reason=str(failure))
        return 1
    with sessions.begin() as noting:
        _settle(noting, parcel)
    return 1


def account_mails_are_due(session: Session, now: datetime) -> bool:
    """Whether any mail may be sent: a look that locks nothing."""
    return looks.found(session, _due, now)


def _due(now: datetime) -> Select[AccountLink]:
    return select(AccountLink).where(AccountLink.mail_due_at <= now).order_by(AccountLink.mail_due_at)


def _claim(session: Session, settings: config.Config, now: datetime) -> Parcel | None:
    """The next mail; its try is counted before it is made, so that a failing one comes back by itself."""
    link = session.scalars(_due(now).limit(1).with_for_update(skip_locked=True)).first()
    if link is None:
        return None
    person = session.get_one(Person, (link.workspace_id, link.person_id))
    attempts = link.mail_attempts + 1
    secret = account_links.make(session, person, now)
    wait = retry.wait(attempts, _chance.random())
    link.mail_attempts, link.mail_due_at = attempts, now + wait if wait else None
    mail = _mail(
        session, person, Addresses(settings.url).whole(f"/welcome/{secret}"), settings.mail_from, now
    )
    return Parcel(mail, (link.workspace_id, link.person_id), link.hash)


def _settle(session: Session, parcel: Parcel) -> None:
    """The mail has left: no further try, unless a newer link stands there by now."""
    link = session.get(AccountLink, parcel.link)
    if link is not None and link.hash == parcel.hash:
        link.mail_due_at = None


def _mail(session: Session, person: Person, link: str, sender: str, now: datetime) -> EmailMessage:
    workspace = workspaces.get(session, person.workspace_id)
    speaker = locale.Speaker(locale.best([person.locale or "", workspace.locale]))
    subject, first, until, last = _words(speaker, is_invited=person.password_hash is None)
    lines = (first % {"company": workspace.name}, until, link, last)
    head = mails.Head(
        sender=company.sender(workspace.settings, sender),
        name=workspace.name,
        to=person.email,
        subject=subject,
        at=now,
        language=speaker.language,
    )
    return mails.write(head, "\n\n".join(lines) + "\n")


def _words(speaker: locale.Speaker, is_invited: bool) -> tuple[str, str, str, str]:
    """Subject, why they get this, for how long the link opens, and what to do where it was a mistake."""
    if is_invited:
        return (
            speaker.gettext("Your account at Afterword"),
            speaker.gettext("%(company)s invites you to Afterword, where it reads what its customers say."),
            speaker.gettext("This link opens your account once, within a week:"),
            speaker.gettext("If you do not know why, do nothing."),
        )
    return (
        speaker.gettext("Your password for Afterword"),
        speaker.gettext("Somebody asked for a new password for this address at Afterword, %(company)s."),
        speaker.gettext("This link opens your account once, within a day:"),
        speaker.gettext("If it was not you, do nothing: your password stays as it is."),
    )
