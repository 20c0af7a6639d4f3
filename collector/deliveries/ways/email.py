"""An invitation as an e-mail: the score line in HTML and in plain text, and the headers that a good sender sets.

Each score is a link to the hosted page; a GET never records, so scanners that open every link leave no answer.
No image, no tracking: whether the mail was read is the reader's business.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.errors import HeaderParseError
from email.message import EmailMessage
from email.utils import parseaddr
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader
from marshmallow import ValidationError, validate

from collector.config import Config
from collector.deliveries.message import Message, Score
from collector.deliveries.ways._way import Means
from collector.deliveries.words import FILE
from collector.outgoing import SendingFailed, mails
from collector.workspaces import company

ONE_LINE = 11
"""As many short answers stand in a row; longer ones are written below each other."""

LONGEST = 254
_is_email = validate.Email()


@dataclass(frozen=True)
class Mail:
    """By e-mail, through the installation's mail server."""

    key: str = "email"

    def address(self, text: str) -> str:
        """One e-mail address, without what stands around it."""
        address = text.strip()
        try:
            _is_email(address)
        except ValidationError:
            raise ValueError("must be one e-mail address") from None
        if len(address) > LONGEST:
            raise ValueError(f"must be at most {LONGEST} characters")
        return address

    def missing(self, config: Config, workspace: Mapping[str, Any]) -> str | None:
        """A mail server and a sender."""
        if config.smtp_url and parseaddr(company.sender(workspace, config.mail_from))[1]:
            return None
        return "No mail is sent from here: set AFTERWORD_SMTP_URL and AFTERWORD_MAIL_FROM (or the company's sender)."

    def send(self, message: Message, means: Means, now: datetime) -> None:
        """Hand the mail to the server; one that cannot be written is tried again, after a mend."""
        try:
            mail = render(message, company.sender(means.workspace, means.config.mail_from))
        except (ValueError, HeaderParseError) as error:
            raise SendingFailed(f"the mail cannot be written: {type(error).__name__}") from None
        means.mailer.send(mail)


WAY = Mail()


def render(message: Message, sender: str) -> EmailMessage:
    """The e-mail to the delivery's address; its Message-ID is the delivery's own, however often it is sent."""
    head = mails.Head(
        sender=sender,
        name=message.company,
        to=message.delivery.address or "",
        subject=message.words["subject"],
        at=message.delivery.created_at,
        language=message.survey["locale"],
        number=str(message.delivery.delivery_id),
        stop_link=message.unsubscribe_link,
    )
    return mails.write(head, plain_text(message), html(message))


def plain_text(message: Message) -> str:
    """The text for readers without HTML: a line and a link per answer."""
    words = message.words
    low, high = message.ends
    ends = {0: low, len(message.scores) - 1: high}
    lines = [_line(message, score, ends.get(index, "")) for index, score in enumerate(message.scores)]
    choices = [words["text_open"], *lines] if lines else [f"{words['open']}: {message.link}"]
    stop = f"{words['why']}\n{words['stop']}: {message.unsubscribe_link}"
    parts = [
        message.question,
        "\n".join(choices),
        words["hint"] if lines else "",
        stop,
        message.survey["footnote"],
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def html(message: Message) -> str:
    """The score line and its frame, drawn with tables; right to left where the language is."""
    scores = message.scores
    in_a_row = len(scores) <= ONE_LINE and all(len(score.label) <= 2 for score in scores)
    low, high = message.ends
    return (
        _templates()
        .get_template("mail.html")
        .render(
            locale=message.survey["locale"],
            dir=message.survey["dir"],
            company=message.company,
            question=message.question,
            columns=scores if in_a_row else [],
            rows=[] if in_a_row else scores,
            low=low,
            high=high,
            link=message.link,
            unsubscribe_link=message.unsubscribe_link,
            footnote=message.survey["footnote"],
            words=message.words,
        )
    )


def _line(message: Message, score: Score, end: str) -> str:
    label = f"{score.label} ({end})" if end else score.label
    return f"{label}: {message.link}?score={score.value}"


@cache
def _templates() -> Environment:
    """A template environment of its own: the worker has no web request around it."""
    return Environment(loader=FileSystemLoader(FILE.parent / "templates" / "deliveries"), autoescape=True)
