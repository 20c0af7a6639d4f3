"""A forgotten password: the same answer for everybody, a mail for whoever is known, a link that opens once."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from browsers import PASSWORD, Browser, open_account, sign_in
from flask import Flask
from sqlalchemy.orm import Session

from collector import clock, deliveries, workspaces
from collector.config import Config


@pytest.fixture
def ada(session: Session, company: Any, time: clock.FixedClock) -> workspaces.Person:
    made = workspaces.add_person(session, company.workspace_id, "ada@example.com", "Ada", PASSWORD, time())
    made.locale = "de"
    session.commit()
    return made


@pytest.fixture
def post(session: Session, config: Config, time: clock.FixedClock) -> Callable[[], int]:
    """Run the job once."""

    def call() -> int:
        session.rollback()
        return deliveries.send_account_mails(session, time(), config)

    return call


def _forgot(app: Flask, email: str) -> Any:
    return Browser(app.test_client()).post("/forgot", "/forgot", email=email)


def test_a_mail_brings_a_link_that_sets_a_new_password(
    app: Flask, ada: Any, mailbox: Any, post: Callable[[], int]
) -> None:
    assert _forgot(app, "ADA@example.com").status_code == 200
    assert (post(), post()) == (1, 0)
    (mail,) = mailbox.mails
    assert mail["To"] == "ada@example.com"
    found = re.search(r"https://ask\.example\.com/welcome/\S+", mail.get_content())
    assert found
    open_account(app, found[0], "another long password")
    sign_in(app, "ada@example.com", "another long password")


def test_an_invitation_goes_by_mail_where_there_is_a_server(
    app: Flask, ada: Any, session: Session, mailbox: Any, post: Callable[[], int]
) -> None:
    ada.role = "administrator"
    session.commit()
    page = sign_in(app, "ada@example.com").post(
        "/people", "/people", email="olga@example.com", role="member", reach="all", by="mail"
    )
    assert "olga@example.com" in page.text
    assert "/welcome/" not in page.text  # nobody but Olga learns it
    assert (post(), post()) == (1, 0)
    (mail,) = mailbox.mails
    assert mail["To"] == "olga@example.com"
    found = re.search(r"https://ask\.example\.com/welcome/\S+", mail.get_content())
    assert found
    assert "within a week" in mail.get_content()
    open_account(app, found[0], "another long password", name="Olga")


def test_an_unknown_address_gets_the_same_answer_and_no_mail(
    app: Flask, ada: Any, mailbox: Any, post: Callable[[], int]
) -> None:
    known, unknown = _forgot(app, "ada@example.com"), _forgot(app, "nobody@example.com")
    hide = re.compile(r'nonce-[^"\']+|nonce="[^"]+"|value="[^"]+"')
    assert hide.sub("", known.text) == hide.sub("", unknown.text)
    assert known.status_code == unknown.status_code
    post()
    assert [mail["To"] for mail in mailbox.mails] == ["ada@example.com"]


def test_a_mail_that_fails_is_tried_again_with_a_new_link(
    app: Flask, ada: Any, mailbox: Any, post: Callable[[], int], time: clock.FixedClock
) -> None:
    _forgot(app, "ada@example.com")
    mailbox.answers = ["451 later"]
    assert post() == 1
    assert post() == 0
    time.move(minutes=2)
    assert post() == 1
    assert len(mailbox.mails) == 1
