"""The invitation is usable at once: link, widget, mail and QR code."""

from __future__ import annotations

import email
import html
import base64
import json
import pickle
import re
import smtplib
import socket
import time
from email.mime.text import MIMEText
from html.parser import HTMLParser
from typing import Any

import pytest
from afterword import ConfigurationError, InvalidArgument, Invitation, widget_build
from afterword.testing import MemoryClient


@pytest.fixture
def invitation() -> Invitation:
    client = MemoryClient("https://feedback.example.com")
    return client.trigger_survey("order-confirmed", transaction="order-991", locale="de")


class Balance(HTMLParser):
    """Fails if tags do not close in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def parse(text: str) -> Balance:
    parser = Balance()
    parser.feed(text)
    assert parser.open == []
    return parser


def test_it_has_a_link_a_token_and_an_end(invitation: Invitation) -> None:
    assert invitation.url == f"https://feedback.example.com/s/{invitation.token}"
    assert re.fullmatch(r"[A-Za-z0-9_.-]+", invitation.token)
    assert 0 <= time.time() + 30 * 86_400 - invitation.expires_at.timestamp() < 60
    assert invitation.id in repr(invitation)
    assert invitation.token not in repr(invitation)


def test_it_can_be_pickled_without_the_key(invitation: Invitation) -> None:
    pickled = pickle.dumps(invitation)
    assert pickle.loads(pickled).widget_tag() == invitation.widget_tag()
    assert b"Signer" not in pickled


def test_the_same_transaction_is_the_same_invitation() -> None:
    client = MemoryClient()
    first, second = (client.trigger_survey("order-confirmed", transaction="order-991") for _ in range(2))
    other = client.trigger_survey("installed", transaction="order-991")
    assert first.id == second.id != other.id
    assert first.trigger_id != second.trigger_id


def test_without_a_transaction_each_call_is_its_own_invitation() -> None:
    client = MemoryClient()
    first, second = (client.trigger_survey("order-confirmed") for _ in range(2))
    assert first.id == first.trigger_id != second.id


def test_the_widget_tag_holds_script_element_and_a_link_without_script(invitation: Invitation) -> None:
    tag = invitation.widget_tag()
    parse(tag)
    assert tag.startswith('<script src="https://feedback.example.com/widget/v1.js" async></script>')
    assert f'<afterword-survey token="{invitation.token}"></afterword-survey>' in tag
    assert f'<noscript><a href="{invitation.url}" lang="de">Sagen Sie uns' in tag


def test_the_widget_tag_takes_mode_and_nonce(invitation: Invitation) -> None:
    assert "/widget/v1.ask.js" in invitation.widget_tag(mode="tab")
    tag = invitation.widget_tag(mode="popover", nonce='a"b')
    assert 'mode="popover"' in tag
    assert 'nonce="a&quot;b"' in tag
    with pytest.raises(InvalidArgument):
        invitation.widget_tag(mode='"><script>')


def test_a_customers_page_gets_a_tag_of_its_own() -> None:
    client = MemoryClient("https://feedback.example.com")
    tag = client.customer_widget_tag("c-1842", mode="sheet")
    parse(tag)
    assert tag.startswith('<script src="https://feedback.example.com/widget/v1.ask.js" async></script>')
    assert '<afterword-survey customer="' in tag
    checked = client.customer_widget_tag("c-1842", integrity=True)
    assert f"/widget/v1.{widget_build.STAMP}.js" in checked  # one file, which the browser can check
    assert "c-1842" not in tag


@pytest.mark.parametrize(
    ("kind", "scores"), [("nps", range(11)), ("csat", range(1, 6)), ("ces", range(1, 8))]
)
def test_each_score_of_a_mail_is_a_link(invitation: Invitation, kind: str, scores: range) -> None:
    links = parse(invitation.email_html(kind=kind)).links
    assert links == [f"{invitation.url}?score={score}" for score in scores]


def test_a_mail_speaks_the_customers_language(invitation: Invitation) -> None:
    german = invitation.email_html(subject="Example Telecom")
    assert 'lang="de" dir="ltr"' in german
    assert "dass Sie Example Telecom einem Freund" in german
    arabic = invitation.email_html(locale="ar-EG")
    assert 'lang="ar" dir="rtl"' in arabic
    assert 'align="right"' in arabic
    assert 'lang="en"' in invitation.email_html(locale="sv")


def test_a_mail_escapes_its_subject(invitation: Invitation) -> None:
    nasty = '<b>"Tom & Jerry"</b>'
    line = invitation.email_html(subject=nasty)
    parse(line)
    assert html.escape(nasty) in line
    assert nasty not in line


def test_a_subject_with_braces_is_only_text(invitation: Invitation) -> None:
    assert "{0}{x}" in invitation.email_html(subject="{0}{x}")


def test_a_mail_needs_no_style_sheet_and_no_script(invitation: Invitation) -> None:
    line = invitation.email_html()
    assert line.startswith('<table role="presentation"')
    assert "<style" not in line
    assert "<script" not in line
    assert "class=" not in line


def test_a_mail_of_an_unknown_kind_is_refused(invitation: Invitation) -> None:
    with pytest.raises(InvalidArgument) as refusal:
        invitation.email_html(kind="smileys")
    assert refusal.value.code == "bad_kind"


def test_the_qr_code_is_an_svg(invitation: Invitation) -> None:
    picture = invitation.qr_svg()
    assert picture.startswith("<svg")
    assert picture.endswith("</svg>")


def test_the_qr_code_says_what_it_needs(invitation: Invitation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "segno", None)
    with pytest.raises(ConfigurationError, match="pip install"):
        invitation.qr_svg()


def test_links_point_to_the_public_address(api_key: str) -> None:
    from afterword import Client

    client = Client(
        "http://127.0.0.1:1", api_key=api_key, outbox=None, public_url="https://feedback.example.com/"
    )
    assert client.trigger_survey("order-confirmed").url.startswith("https://feedback.example.com/s/")
    client.close(0)


def longest(text: str) -> int:
    return max(len(line.encode()) for line in text.split("\n"))


@pytest.mark.parametrize("locale", ["en", "de", "fr", "es", "ar"])
@pytest.mark.parametrize("kind", ["nps", "csat", "ces"])
def test_the_mail_comes_in_lines_that_no_server_breaks(kind: Any, locale: str) -> None:
    client = MemoryClient("https://feedback.customers.example.com")
    invitation = client.trigger_survey(
        "order-confirmed",
        journey="first-order",
        customer="c-1",
        transaction="o" * 128,
        journey_instance="j" * 128,
        persona="p" * 64,
        channel="c" * 64,
    )
    mail = invitation.email_html(kind=kind, locale=locale, subject="die neue Verbindung in Ihrem Haus " * 40)
    assert longest(mail) <= 900
    assert parse(mail).links
    assert longest(invitation.qr_svg()) <= 900
    assert longest(invitation.widget_tag()) <= 998  # a page has no limit; kept to that of a mail all the same


def test_a_mail_arrives_whole_through_a_real_server(invitation: Invitation) -> None:
    """As most Python code sends it: 7bit, unwrapped. What the reader shows is the question and all its scores."""
    from aiosmtpd.controller import Controller

    html_part = f"<p>Thank you</p>\n{invitation.email_html(locale='en', subject='Example Telecom')}"
    inbox: list[bytes] = []

    class Inbox:
        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
            inbox.append(envelope.content)
            return "250 OK"

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(Inbox(), hostname="127.0.0.1", port=port)
    server.start()
    try:
        message = MIMEText(html_part, "html", "us-ascii")
        message["Subject"], message["From"], message["To"] = "Thanks", "a@example.com", "b@example.com"
        with smtplib.SMTP("127.0.0.1", port) as smtp:
            smtp.send_message(message)
    finally:
        server.stop()
    assert max(map(len, inbox[0].split(b"\r\n"))) <= 998
    received = email.message_from_bytes(inbox[0]).get_payload(decode=True)
    assert isinstance(received, bytes)
    reader = Text()
    reader.feed(received.decode())
    assert " ".join("".join(reader.said).split()) == (
        "Thank you How likely is it that you would recommend Example Telecom to a friend or colleague?"
        " Not at all likely Extremely likely 0 1 2 3 4 5 6 7 8 9 10"
    )
    assert parse(received.decode()).links == [f"{invitation.url}?score={score}" for score in range(11)]


class Text(HTMLParser):
    """A reader that shows no more than the words."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def handle_data(self, data: str) -> None:
        self.said.append(data)

    def handle_endtag(self, tag: str) -> None:
        self.said.append(" ")


@pytest.mark.parametrize("target", ["touchpoint", "journey", "interaction"])
def test_a_trigger_says_what_it_asks_about_only_if_told(target: Any) -> None:
    client = MemoryClient()
    client.trigger_survey("order-confirmed", target=target)
    client.trigger_survey("order-confirmed")
    assert [trigger.get("target") for trigger in client.triggers] == [target, None]
    made = client.trigger_survey("order-confirmed", target=target)
    payload = made.token.split(".")[1]
    said = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    assert said["t"] == target, "a link that is opened before its trigger arrives asks about the same"
    with pytest.raises(InvalidArgument) as caught:
        client.trigger_survey("order-confirmed", target="company")  # type: ignore[arg-type]
    assert caught.value.code == "bad_target"
