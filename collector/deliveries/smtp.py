"""Sending through a mail server: ``smtp://`` with STARTTLS where the server has it, ``smtps://`` with TLS from the start."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from types import TracebackType
from urllib.parse import unquote, urlsplit

from collector.outgoing import SendingFailed

TIMEOUT = 20.0
"""Seconds for each step of the conversation."""


@dataclass(frozen=True)
class Server:
    """What an ``AFTERWORD_SMTP_URL`` says: ``smtp://user:password@host:587`` or ``smtps://...`` (465)."""

    host: str
    port: int
    is_tls: bool
    user: str = ""
    password: str = ""


def read(url: str) -> Server:
    """The server behind an address; user and password may be percent-encoded."""
    parts = urlsplit(url)
    is_tls = parts.scheme == "smtps"
    port = parts.port or (465 if is_tls else 587)
    return Server(
        parts.hostname or "", port, is_tls, unquote(parts.username or ""), unquote(parts.password or "")
    )


def reach(url: str) -> None:
    """Connect to the mail server at an address, sign in, and leave; raises ``SendingFailed``."""
    with Mailer(read(url)) as mailer:
        mailer.greet()


def send(mail: EmailMessage, url: str) -> None:
    """Hand one mail to the server at an address; raises ``SendingFailed``."""
    with Mailer(read(url)) as mailer:
        mailer.send(mail)


class Mailer:
    """One conversation for several mails. A password is never sent over an open line."""

    def __init__(self, server: Server, tls: ssl.SSLContext | None = None) -> None:
        self.server = server
        self.tls = tls or ssl.create_default_context()
        self._connection: smtplib.SMTP | None = None

    def __enter__(self) -> Mailer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._connection is not None:
            try:
                self._connection.quit()
            except (smtplib.SMTPException, OSError):
                self._connection.close()

    def greet(self) -> None:
        """Connect and sign in, and send nothing; raises ``SendingFailed``."""
        try:
            self._connected()
        except smtplib.SMTPResponseException as error:
            raise SendingFailed(f"the mail server answered {error.smtp_code}") from None
        except (smtplib.SMTPException, OSError) as error:
            raise SendingFailed(f"the mail server cannot be reached: {type(error).__name__}") from None

    def send(self, mail: EmailMessage) -> None:
        """Hand a mail over; raises ``SendingFailed``, permanent where the server said so for good."""
        try:
            self._connected().send_message(mail)
        except smtplib.SMTPServerDisconnected as error:
            self._connection = None
            raise SendingFailed(f"the mail server hung up: {error}") from None
        except smtplib.SMTPRecipientsRefused as error:
            code = next(iter(error.recipients.values()))[0]
            raise SendingFailed(f"the mail server refused the recipient ({code})", code >= 500) from None
        except smtplib.SMTPResponseException as error:
            # 530 and 535 speak of our sign-in, not of this mail: an operator can mend that.
            permanent = error.smtp_code >= 500 and error.smtp_code not in {530, 535}
            raise SendingFailed(f"the mail server answered {error.smtp_code}", permanent) from None
        except smtplib.SMTPNotSupportedError as error:
            raise SendingFailed(f"the mail server cannot do this: {error}", permanent=True) from None
        except (smtplib.SMTPException, OSError) as error:
            self._connection = None
            raise SendingFailed(f"the mail server cannot be reached: {type(error).__name__}") from None

    def _connected(self) -> smtplib.SMTP:
        if self._connection is None:
            self._connection = self._connect()
        return self._connection

    def _connect(self) -> smtplib.SMTP:
        server = self.server
        if server.is_tls:
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=TIMEOUT, context=self.tls
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT)
        try:
            self._sign_in(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _sign_in(self, connection: smtplib.SMTP) -> None:
        server = self.server
        if not server.is_tls:
            connection.ehlo()
            if connection.has_extn("starttls"):
                connection.starttls(context=self.tls)
                connection.ehlo()
            elif server.user:
                raise SendingFailed("the mail server offers no TLS, and the password is not sent in the open")
        if server.user:
            connection.login(server.user, server.password)
