"""Signing in: the right password, a form of our own, no way out to other sites."""

from __future__ import annotations

import re
from typing import Any

import pytest
from browsers import Browser
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import clock, errors, workspaces
from collector.changes import Change
from collector.workspaces.throttle import ACCOUNT, ADDRESS, PAIR, Throttle

PASSWORD = "a long enough password"


@pytest.fixture(autouse=True)
def person(session: Session, workspace: workspaces.Workspace, time: clock.FixedClock) -> workspaces.Person:
    made = workspaces.add_person(
        session, workspace.workspace_id, "Ada@Example.com", "Ada", PASSWORD, time(), role="administrator"
    )
    session.commit()
    return made


def _csrf(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found
    return found[1]


def _sign_in(client: FlaskClient, password: str = PASSWORD, **given: str) -> Any:
    csrf = _csrf(client.get("/sign-in").text)
    form = {"email": "ada@example.com", "password": password, "csrf": csrf, "next": "/", **given}
    return client.post("/sign-in", data=form)


def test_the_right_password_opens_the_dashboard(client: FlaskClient) -> None:
    answer = _sign_in(client, next="/journeys")
    assert (answer.status_code, answer.location) == (303, "/journeys")
    cookie = next(value for value in answer.headers.getlist("Set-Cookie") if value.startswith("afterword="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert client.get("/api/v1/keys").status_code == 200


def test_signing_out_ends_the_session_on_the_server(client: FlaskClient) -> None:
    _sign_in(client)
    secret = client.get_cookie("afterword")
    assert secret is not None
    token = _csrf(client.get("/definitions").text)
    assert client.post("/sign-out", data={"csrf": token}).status_code == 303
    client.set_cookie("afterword", secret.value)
    assert client.get("/api/v1/keys").status_code == 401


def test_a_wrong_password_does_not_say_what_was_wrong(client: FlaskClient) -> None:
    wrong = _sign_in(client, password="wrong")
    unknown = _sign_in(client, email="nobody@example.com")
    assert (wrong.status_code, unknown.status_code) == (401, 401)
    assert client.get_cookie("afterword") is None


def test_a_form_of_another_site_is_refused(client: FlaskClient) -> None:
    client.get("/sign-in")
    answer = client.post("/sign-in", data={"email": "ada@example.com", "password": PASSWORD, "csrf": "x"})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "away", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/a\nb"]
)
def test_next_leads_nowhere_else(client: FlaskClient, away: str) -> None:
    assert _sign_in(client, next=away).location == "/"


def test_a_change_needs_the_form_token(client: FlaskClient) -> None:
    _sign_in(client)
    refused = client.post("/api/v1/keys", json={"kind": "read", "name": "x"})
    assert (refused.status_code, refused.json["code"]) == (403, "bad_form_token")


def test_a_session_ends_by_itself(client: FlaskClient, time: clock.FixedClock) -> None:
    _sign_in(client)
    time.move(days=15)
    assert client.get("/api/v1/keys").status_code == 401


def test_guessing_is_slowed_down_and_recorded(
    client: FlaskClient, session: Session, time: clock.FixedClock
) -> None:
    for _ in range(10):
        assert _sign_in(client, password="wrong").status_code == 401
    slowed = _sign_in(client)
    assert slowed.status_code == 429
    assert int(slowed.headers["Retry-After"]) > 0
    time.move(minutes=16)
    assert _sign_in(client).status_code == 303
    noted = [change.verb for change in session.scalars(select(Change).order_by(Change.number))]
    assert noted[-12:] == ["sign_in_failed"] * 10 + ["sign_in_paused", "signed_in"]


def test_guessing_in_a_browser_that_was_taken_over_is_slowed_down_and_recorded(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    _sign_in(client)
    browser = Browser(client)
    for _ in range(10):
        assert browser.post("/me/password", old="wrong", password="another long password").status_code == 422
    slowed = browser.post("/me/password", old=PASSWORD, password="another long password")
    assert slowed.status_code == 429
    noted = [change.verb for change in session.scalars(select(Change).order_by(Change.number))]
    assert noted.count("sign_in_failed") == 10
    assert "new_password" not in noted


def test_guessing_at_many_accounts_from_one_address_is_slowed_down(
    app: Flask, client: FlaskClient, time: clock.FixedClock
) -> None:
    client.environ_base["REMOTE_ADDR"] = "8.8.8.8"
    for number in range(ADDRESS - 1):
        app.extensions["afterword_sign_in_throttle"].failed(f"nobody-{number}@example.com", "8.8.8.8", time())
    assert _sign_in(client, "wrong").status_code == 401
    assert _sign_in(client).status_code == 429
    client.environ_base["REMOTE_ADDR"] = "9.9.9.9"
    assert _sign_in(client).status_code == 303


def test_guessing_at_one_account_from_many_addresses_is_slowed_down(time: clock.FixedClock) -> None:
    throttle = Throttle()
    for number in range(ACCOUNT):
        throttle.failed("Ada@example.com", f"8.8.{number // 9}.{number % 9}", time())
    with pytest.raises(errors.TooMany) as slowed:
        throttle.check("ada@example.com", "9.9.9.9", time())
    throttle.check("bob@example.com", "9.9.9.9", time())
    time.move(seconds=slowed.value.retry_after or 0)
    throttle.check("ada@example.com", "9.9.9.9", time())


def test_an_own_account_resets_no_other_count(time: clock.FixedClock) -> None:
    throttle = Throttle()
    for number in range(ADDRESS):
        throttle.failed(f"nobody-{number}@example.com", "8.8.8.8", time())
        throttle.succeeded("mallory@example.com", "8.8.8.8")
    with pytest.raises(errors.TooMany):
        throttle.check("ada@example.com", "8.8.8.8", time())


def test_a_flood_of_names_makes_room_by_the_oldest(time: clock.FixedClock) -> None:
    throttle = Throttle(remembered=100)
    for _ in range(PAIR):
        throttle.failed("ada@example.com", "8.8.8.8", time())
    for number in range(20):
        throttle.failed(f"nobody-{number}@example.com", "9.9.9.9", time())
    with pytest.raises(errors.TooMany):
        throttle.check("ada@example.com", "8.8.8.8", time())
    for number in range(500):
        throttle.failed(f"nobody-{number}@example.com", "9.9.9.9", time())
    assert len(throttle._failures) == 100


def test_a_page_leads_to_the_sign_in_and_back(client: FlaskClient) -> None:
    answer = client.get("/journeys?days=7", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.location) == (302, "/sign-in?next=%2Fjourneys%3Fdays%3D7")


def test_every_page_carries_the_security_headers(client: FlaskClient) -> None:
    headers = client.get("/sign-in").headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "default-src 'none'" in headers["Content-Security-Policy"]


def test_a_password_is_kept_as_argon2id_and_the_suite_makes_it_cheap(
    session: Session, person: workspaces.Person
) -> None:
    """What a hash costs in production has a shape test; here it would be most of what each sign-in costs."""
    assert (person.password_hash or "").startswith("$argon2id$v=19$m=8,t=1,p=1$")
