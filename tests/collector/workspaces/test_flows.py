"""What strangers try at sign-in, invitation and reset: names, fixed sessions, old links, foreign hosts and forms.

The same list for OpenID Connect stands in ``openid``; guessing has tests in ``test_sign_in.py`` and
``test_second_factor.py``.
"""

from __future__ import annotations

import dataclasses
import re
from datetime import timedelta
from typing import Any

import pytest
from browsers import PASSWORD, Browser, sign_in, token
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import clock, workspaces
from collector.config import Config
from collector.workspaces import Person, account_links, people
from collector.workspaces.models import AccountLink

EMAIL = "ada@example.com"
NEW = "another long password"
Headers = dict[str, dict[str, str]]


@pytest.fixture
def config(config: Config) -> Config:
    """With a mail server, so that a forgotten password may be asked for (none is met)."""
    return dataclasses.replace(config, smtp_url="smtp://127.0.0.1:1", mail_from="a@example.com")


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(autouse=True)
def person(session: Session, workspace: workspaces.Workspace, time: clock.FixedClock) -> Person:
    made = workspaces.add_person(
        session, workspace.workspace_id, EMAIL, "Ada", PASSWORD, time(), role="administrator"
    )
    session.commit()
    return made


@pytest.fixture(params=["invitation", "reset"])
def link(request: pytest.FixtureRequest, session: Session, person: Person, time: clock.FixedClock) -> str:
    """The path of a link that opens an account: for the first time, or for a new password."""
    if request.param == "reset":
        secret = people.reset(session, person, "tests", time())
    else:
        made = people.invite(
            session, person.workspace_id, "olga@example.com", "member", None, "tests", time()
        )
        secret = made.secret
    session.commit()
    return f"/welcome/{secret}"


def _open(browser: Browser, link: str) -> Any:
    return browser.post(link, link, password=NEW, name="Somebody")


def _plain(page: str) -> str:
    """A page without what differs each time it is made."""
    return re.sub(r'(nonce|value)="[^"]*"', "", page)


def test_nobody_learns_by_the_sign_in_who_is_here(client: FlaskClient) -> None:
    answers = [
        Browser(client).post("/sign-in", "/sign-in", email=email, password="a wrong password")
        for email in (EMAIL, "nobody@example.com")
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({_plain(answer.text) for answer in answers}) == 1


def test_nobody_learns_by_a_forgotten_password_who_is_here(client: FlaskClient, session: Session) -> None:
    answers = [
        Browser(client).post("/forgot", "/forgot", email=email) for email in (EMAIL, "nobody@example.com")
    ]
    assert {answer.status_code for answer in answers} == {200}
    assert len({_plain(answer.text) for answer in answers}) == 1
    assert len(session.scalars(select(AccountLink)).all()) == 1


def test_a_link_that_never_was_looks_like_one_that_is_over(client: FlaskClient, link: str) -> None:
    _open(Browser(client), link)
    over, never = client.get(link), client.get("/welcome/never-was")
    assert (over.status_code, never.status_code) == (410, 410)
    assert _plain(over.text) == _plain(never.text)


def test_a_session_that_somebody_fixed_is_not_taken_over(app: Flask, link: str) -> None:
    for way in ("password", "link"):
        browser = Browser(app.test_client())
        browser.client.set_cookie("afterword", "fixed-by-somebody")
        if way == "password":
            browser.post("/sign-in", "/sign-in", email=EMAIL, password=PASSWORD)
        else:
            _open(browser, link)
        kept = browser.client.get_cookie("afterword")
        assert kept is not None
        assert kept.value != "fixed-by-somebody"
        assert browser.get("/me").status_code == 200


def test_a_new_password_ends_the_sessions_from_before(app: Flask, session: Session, person: Person,
                                                      time: clock.FixedClock) -> None:  # fmt: skip
    thief = sign_in(app, EMAIL)
    secret = people.reset(session, person, "tests", time())
    session.commit()
    _open(Browser(app.test_client()), f"/welcome/{secret}")
    assert thief.get("/me").status_code == 302


def test_a_link_opens_once_and_not_after_its_time(
    app: Flask, client: FlaskClient, link: str, time: clock.FixedClock
) -> None:
    browser, twin = Browser(client), Browser(app.test_client())
    csrf = token(twin.get(link).text)
    assert _open(browser, link).status_code == 303
    assert twin.client.post(link, data={"csrf": csrf, "password": NEW}).status_code == 410
    time.move(days=8)
    assert client.get(link).status_code == 410


def test_a_link_that_waits_too_long_opens_nothing(
    client: FlaskClient, link: str, time: clock.FixedClock
) -> None:
    csrf = token(client.get(link).text)
    time.move(seconds=max(account_links.LIVES.values()) / timedelta(seconds=1) + 1)
    assert client.post(link, data={"csrf": csrf, "password": NEW}).status_code == 410


@pytest.mark.parametrize("header", ["Host", "X-Forwarded-Host", "Forwarded"])
def test_a_foreign_host_stands_in_no_link(
    client: FlaskClient, session: Session, workspace: Any, keys: Headers, header: str
) -> None:
    evil = {header: "host=evil.example" if header == "Forwarded" else "evil.example"}
    body = {"email": "x@example.com", "role": "member"}
    made = client.post("/api/v1/people", json=body, headers={**keys["admin"], **evil})
    assert made.json["link"].startswith("http://127.0.0.1:8400/welcome/")
    again = client.post(
        f"/api/v1/people/{made.json['person']['person_id']}/reset", headers={**keys["admin"], **evil}
    )
    assert again.json["link"].startswith("http://127.0.0.1:8400/welcome/")
    assert "evil.example" not in client.get("/journeys", headers=evil).location


def test_forms_of_other_sites_are_refused_at_every_door(client: FlaskClient, link: str) -> None:
    said = {"email": EMAIL, "password": PASSWORD, "code": "1"}
    client.get("/sign-in")
    for path in ("/sign-in", "/forgot", "/sign-in/code", link):
        for csrf in ("", "made-up"):
            refused = client.post(path, data={**said, "csrf": csrf})
            assert refused.status_code == 403, path
    stranger = client.application.test_client()
    foreign = token(stranger.get("/sign-in").text)  # genuine, of another browser
    for path in ("/sign-in", "/forgot", "/sign-in/code", link):
        assert client.post(path, data={**said, "csrf": foreign}).status_code == 403, path


def test_a_form_that_another_site_sends_from_a_signed_in_browser_is_refused(app: Flask) -> None:
    ada = sign_in(app, EMAIL)
    csrf = token(ada.get("/me").text)
    foreign = ada.client.post(
        "/me", data={"csrf": csrf, "name": "Eve"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert foreign.status_code == 403
    assert ada.client.post("/me/factor", data={"csrf": "made-up"}).status_code == 403


def test_secrets_of_links_are_passed_to_nobody_by_the_browser(client: FlaskClient, link: str) -> None:
    headers = client.get(link).headers
    assert (headers["Referrer-Policy"], headers["Cache-Control"]) == ("no-referrer", "private, no-store")
