"""The conversation with the mail server: TLS where it is offered, a password only under TLS, honest failures."""

from __future__ import annotations

import smtplib
import socket
import ssl
import subprocess
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from smtplib import SMTP
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from collector.deliveries import smtp
from collector.outgoing.outcome import SendingFailed


class Server(Controller):
    """aiosmtpd on a port that the system chooses; keeps mails and passwords."""

    def __init__(self, **settings: Any) -> None:
        self.mails: list[Any] = []
        self.passwords: list[bytes] = []
        super().__init__(self, hostname="127.0.0.1", port=0, authenticator=self.check, **settings)

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()

    def check(self, server: Any, session: Any, envelope: Any, mechanism: str, login: Any) -> AuthResult:
        assert isinstance(login, LoginPassword)
        self.passwords.append(login.password)
        return AuthResult(success=login.password == b"s3cr:t@", handled=False)  # else it would say nothing

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.mails.append((session.ssl is not None, envelope.content))
        return "250 OK"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of 127.0.0.1 and its key, in one file."""
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-keyout", folder / "key.pem", "-out", folder / "cert.pem", "-days", "2",
            "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
        ],
        check=True, capture_output=True,
    )  # fmt: skip
    both = folder / "both.pem"
    both.write_text((folder / "cert.pem").read_text() + (folder / "key.pem").read_text())
    return both


@pytest.fixture
def secure(certificate: Path) -> Iterator[Server]:
    """A server that offers STARTTLS and wants a sign-in."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = Server(tls_context=context, require_starttls=True, auth_required=True)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def mail() -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "a@example.com", "b@example.org", "One question"
    made.set_content("Hello")
    return made


def trusting(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate))


def test_it_turns_to_tls_before_it_signs_in(secure: Server, certificate: Path, mail: EmailMessage) -> None:
    known = smtp.read(f"smtp://collector:s3cr%3At%40@127.0.0.1:{secure.port}")
    with smtp.Mailer(known, trusting(certificate)) as mailer:
        mailer.send(mail)
        mailer.send(mail)
    assert secure.passwords == [b"s3cr:t@"]
    assert [under_tls for under_tls, _ in secure.mails] == [True, True]


def test_a_certificate_of_nobody_we_trust_ends_the_conversation(secure: Server, mail: EmailMessage) -> None:
    known = smtp.read(f"smtp://collector:s3cr%3At%40@127.0.0.1:{secure.port}")
    with smtp.Mailer(known) as mailer, pytest.raises(SendingFailed) as caught:
        mailer.send(mail)
    assert not caught.value.permanent
    assert (secure.passwords, secure.mails) == ([], [])


def test_a_password_never_travels_in_the_open(mail: EmailMessage) -> None:
    server = Server(auth_require_tls=False)
    server.start()
    try:
        known = smtp.read(f"smtp://collector:s3cr%3At%40@127.0.0.1:{server.port}")
        with smtp.Mailer(known) as mailer, pytest.raises(SendingFailed, match="no TLS"):
            mailer.send(mail)
    finally:
        server.stop()
    assert (server.passwords, server.mails) == ([], [])


def test_a_wrong_password_is_no_fault_of_the_mail(
    secure: Server, certificate: Path, mail: EmailMessage, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines: list[Any] = []
    monkeypatch.setattr(
        smtplib, "SMTP", lambda *given, **named: lines.append(SMTP(*given, **named)) or lines[-1]
    )
    known = smtp.read(f"smtp://collector:wrong@127.0.0.1:{secure.port}")
    with smtp.Mailer(known, trusting(certificate)) as mailer:
        with pytest.raises(SendingFailed, match="535") as caught:
            mailer.send(mail)
        assert not caught.value.permanent
        assert [line.sock for line in lines] == [None], "the line of a sign-in that failed is held"


def test_a_server_that_is_down_may_come_back(mail: EmailMessage) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        known = smtp.read(f"smtp://127.0.0.1:{listener.getsockname()[1]}")
        with smtp.Mailer(known) as mailer, pytest.raises(SendingFailed, match="cannot be reached") as caught:
            mailer.send(mail)
    assert not caught.value.permanent


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example.com", smtp.Server("mail.example.com", 587, False)),
        ("smtps://mail.example.com", smtp.Server("mail.example.com", 465, True)),
        ("smtps://u:p%40@mail.example.com:2465", smtp.Server("mail.example.com", 2465, True, "u", "p@")),
    ],
)
def test_it_reads_the_setting(url: str, server: smtp.Server) -> None:
    assert smtp.read(url) == server
