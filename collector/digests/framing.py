"""Around a mail to a colleague: from whom, in which language and zone, where its links lead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from collector import config, locale, workspaces
from collector.addresses import Addresses
from collector.outgoing import SendingFailed, mails
from collector.workspaces import Person


@dataclass(frozen=True)
class Frame:
    """To whom, from whom, and where its links lead."""

    person: Person
    company: str
    sender: str
    addresses: Addresses
    stop_key: str
    message_id: str

    @property
    def stop_link(self) -> str:
        return self.addresses.whole(f"/digest/{self.stop_key}")

    def head(self, subject: str, at: datetime, language: str) -> mails.Head:
        return mails.Head(
            self.sender,
            self.company,
            self.person.email,
            subject,
            at,
            language,
            self.message_id,
            self.stop_link,
        )


def frame_of(
    session: Session, person: Person, settings: config.Config, stop_key: str, message_id: str
) -> Frame:
    """The frame of a mail to somebody; raises ``SendingFailed`` where nobody is named as its sender."""
    company = workspaces.facts(session, person.workspace_id)
    sender = workspaces.company.sender(company.settings, settings.mail_from)
    if not sender:
        raise SendingFailed("neither the company nor the installation has a sender", permanent=True)
    return Frame(person, company.name, sender, Addresses(settings.url), stop_key, message_id)


def speaker_of(session: Session, person: Person) -> locale.Speaker:
    """Somebody's language, on the company's clock."""
    company = workspaces.facts(session, person.workspace_id)
    return locale.Speaker(locale.best([person.locale or "", company.locale]), company.timezone)
