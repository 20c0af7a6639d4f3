"""The e-mail itself: readable in every locale, with and without HTML, with the headers that a good sender sets."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from flask.testing import FlaskClient

LOCALES = ("en", "de", "fr", "es", "ar")


class Tags(HTMLParser):
    """The tags of a page with their attributes, and whether each was closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What a mail says does not depend on the database."""
    return sqlite_url


@pytest.fixture
def mail(deliver: Any, work: Any, mailbox: Any) -> Any:
    def made(**given: Any) -> Any:
        assert deliver(**given).status_code == 201
        work()
        return mailbox.mails[-1]

    return made


@pytest.mark.parametrize("locale", LOCALES)
def test_it_speaks_the_survey_s_language(mail: Any, locale: str) -> None:
    sent = mail(locale=locale)
    html = sent.get_body(("html",)).get_content()
    tags = Tags(html)
    assert tags.open == []
    assert tags.tags[0] == ("html", {"lang": locale, "dir": "rtl" if locale == "ar" else "ltr"})
    assert sent["Content-Language"] == locale
    texts = (sent["Subject"], sent.get_body(("plain",)).get_content(), html)
    assert all("Example Telecom" in text and "{" not in text for text in texts)


def test_it_has_a_link_for_each_score_in_both_parts(mail: Any) -> None:
    sent = mail()
    for part in ("html", "plain"):
        scores = re.findall(
            r"https://ask\.example\.com/s/[^\"\s]+\?score=(\d+)", sent.get_body((part,)).get_content()
        )
        assert scores == [str(score) for score in range(11)]


def test_labels_stand_below_each_other_where_they_are_long(mail: Any, trigger: Any) -> None:
    trigger(transaction="visit-1", touchpoint="installed")
    html = mail(transaction="visit-1").get_body(("html",)).get_content()
    assert re.findall(r"\?score=(\d)\"[^>]*>([^<]+)<", html)[-1] == ("5", "Very satisfied")


def test_it_carries_the_one_click_way_out(mail: Any) -> None:
    sent = mail()
    assert re.fullmatch(r"<https://ask\.example\.com/u/[^>]+>", sent["List-Unsubscribe"])
    assert sent["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = sent["List-Unsubscribe"].strip("<>")
    assert link in sent.get_body(("plain",)).get_content()
    assert f'href="{link}"' in sent.get_body(("html",)).get_content()
    assert sent["Auto-Submitted"] == "auto-generated"
    assert str(sent["From"]) == "Example Telecom <feedback@example.com>"


def test_it_is_from_the_company_where_that_has_a_sender_of_its_own(
    mail: Any, client: FlaskClient, keys: dict[str, Any]
) -> None:
    said = {"mail_from": "Fibre <hello@fibre.example>"}
    assert client.patch("/api/v1/workspace", json=said, headers=keys["admin"]).status_code == 200
    sent = mail()
    assert str(sent["From"]) == "Fibre <hello@fibre.example>"
    assert sent["Message-ID"].endswith("@fibre.example>")


def test_it_tracks_nobody(mail: Any) -> None:
    html = mail().get_body(("html",)).get_content()
    tags = Tags(html)
    assert not {name for name, _ in tags.tags} & {"img", "script", "link", "style", "iframe", "object"}
    assert not re.search(r"\burl\(|@import|\bsrc=|\bbackground=", html)
    assert {tag for tag, attributes in tags.tags if "href" in attributes} == {"a"}


def test_its_lines_fit_into_the_protocol(mail: Any) -> None:
    assert max(len(line) for line in mail(locale="ar").as_bytes().split(b"\r\n")) <= 998


def test_a_company_s_name_is_text_and_nothing_else(mail: Any, session: Any, company: Any) -> None:
    company.name = 'Tom & <b>"Jerry"</b>'
    session.commit()
    sent = mail()
    assert sent["Subject"] == 'One question from Tom & <b>"Jerry"</b>'
    assert "<b>" not in sent.get_body(("html",)).get_content()
