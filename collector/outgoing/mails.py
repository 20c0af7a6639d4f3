"""A mail as a good sender writes it: one maker for every kind, so that each has the same headers.

Text always, HTML where there is some; quoted-printable keeps every line under the 998 bytes of RFC 5322.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr


@dataclass(frozen=True)
class Head:
    """From whom to whom, about what, when, in which language.

    ``name`` stands where the sender says none of its own. ``number`` is the same however often the mail is sent.
    ``stop_link`` ends mails of this kind by one click (RFC 8058).
    """

    sender: str
    name: str
    to: str
    subject: str
    at: datetime
    language: str
    number: str = ""
    stop_link: str = ""


def write(head: Head, text: str, html: str = "") -> EmailMessage:
    """The mail; raises ``ValueError`` or ``HeaderParseError`` where an address is none."""
    name, address = parseaddr(head.sender)
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(name or head.name, addr_spec=address)
    mail["To"] = Address(addr_spec=head.to)
    mail["Subject"] = head.subject
    mail["Date"] = format_datetime(head.at)
    if head.number:
        mail["Message-ID"] = f"<{head.number}@{address.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    if head.stop_link:
        mail["List-Unsubscribe"] = f"<{head.stop_link}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(text, cte="quoted-printable")
    if html:
        mail.add_alternative(html, subtype="html", cte="quoted-printable")
    mail["Content-Language"] = head.language
    return mail
