"""The second factor: set up with an app, asked for at each sign-in, never taken twice, ended by owner or administrator."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from browsers import PASSWORD, Browser, sign_in, token
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import clock, workspaces
from collector.changes import Change
from collector.workspaces import Person, account_links, second_factor, totp
from collector.workspaces.models import SecondFactor

EMAIL = "ada@example.com"
SECRET = b"12345678901234567890"


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


@pytest.fixture
def recovery(session: Session, person: Person, time: clock.FixedClock) -> list[str]:
    """Ada's recovery codes: she has a second factor since a while ago."""
    second_factor.begin(session, person).secret = SECRET
    codes = second_factor.confirm(session, person, _code(time), time())
    session.commit()
    time.move(minutes=5)
    return codes


def _code(time: clock.FixedClock, secret: bytes = SECRET, steps: int = 0) -> str:
    return totp.code(secret, int(time().timestamp()) // totp.STEP + steps)


def _password(app: Flask) -> Browser:
    """A browser that has shown the password, and is asked for the code."""
    browser = Browser(app.test_client())
    answer = browser.post("/sign-in", "/sign-in", email=EMAIL, password=PASSWORD, next="/journeys")
    assert (answer.status_code, answer.location) == (303, "/sign-in/code")
    return browser


def _type(browser: Browser, code: str) -> Any:
    return browser.post("/sign-in/code", "/sign-in/code", code=code)


def test_it_is_set_up_with_a_code_and_asked_for_from_then_on(
    app: Flask, session: Session, time: clock.FixedClock
) -> None:
    ada = sign_in(app, EMAIL)
    assert ada.post("/me/factor").location == "/me/factor"
    page = ada.get("/me/factor").text
    assert "<svg" in page
    secret = session.scalars(select(SecondFactor.secret)).one()
    assert totp.readable(secret) in page
    session.commit()
    wrong = ada.post("/me/factor/confirm", code="000000")
    assert (wrong.status_code, "wrong, or was used already" in wrong.text) == (422, True)
    shown = ada.post("/me/factor/confirm", code=_code(time, secret)).text
    codes = re.findall(r"<code>([a-z2-9]{5}-[a-z2-9]{5})</code>", shown)
    assert len(set(codes)) == 10
    assert codes[0] not in ada.get("/me").text
    time.move(minutes=1)
    assert _type(_password(app), _code(time, secret)).location == "/journeys"


def test_the_password_alone_opens_nothing(app: Flask, recovery: list[str]) -> None:
    browser = _password(app)
    assert browser.get("/me").status_code == 302
    assert browser.client.get_cookie("afterword") is None
    assert _type(browser, "000000").status_code == 422
    assert browser.get("/me").status_code == 302


def test_a_code_is_taken_once(app: Flask, recovery: list[str], time: clock.FixedClock) -> None:
    first, second = _password(app), _password(app)
    assert _type(first, _code(time)).status_code == 303
    assert _type(second, _code(time)).status_code == 422
    assert _type(second, _code(time, steps=-1)).status_code == 422
    assert _type(second, _code(time, steps=1)).status_code == 303


def test_clocks_may_be_a_step_apart_and_no_more(
    app: Flask, recovery: list[str], time: clock.FixedClock
) -> None:
    assert _type(_password(app), _code(time, steps=-2)).status_code == 422
    assert _type(_password(app), _code(time, steps=2)).status_code == 422
    assert (
        _type(_password(app), f" {_code(time, steps=-1)[:3]} {_code(time, steps=-1)[3:]} ").status_code == 303
    )


def test_a_recovery_code_lets_in_once(app: Flask, session: Session, recovery: list[str]) -> None:
    assert _type(_password(app), recovery[3].upper().replace("-", " ")).status_code == 303
    assert _type(_password(app), recovery[3]).status_code == 422
    assert _type(_password(app), recovery[4]).status_code == 303
    assert len(session.scalars(select(SecondFactor.recovery)).one()) == 8
    verbs = [row.verb for row in session.scalars(select(Change).order_by(Change.number))]
    assert verbs.count("recovery_used") == 2


def test_codes_are_kept_as_hashes(session: Session, recovery: list[str]) -> None:
    kept = str(session.scalars(select(SecondFactor.recovery)).one())
    assert not any(each in kept or each.replace("-", "") in kept for each in recovery)


def test_guessing_codes_is_slowed_down_wherever_it_comes_from(
    app: Flask, session: Session, recovery: list[str], time: clock.FixedClock
) -> None:
    for number in range(10):
        browser = _password(app)
        browser.client.environ_base["REMOTE_ADDR"] = f"8.8.8.{number}"
        assert _type(browser, "000000").status_code == 422
    assert _type(_password(app), _code(time)).status_code == 429
    time.move(minutes=16)
    assert _type(_password(app), _code(time)).status_code == 303
    verbs = [row.verb for row in session.scalars(select(Change).order_by(Change.number))]
    assert verbs.count("sign_in_failed") == 10


def test_the_way_from_the_password_to_the_code_is_short(
    app: Flask, recovery: list[str], time: clock.FixedClock
) -> None:
    browser = _password(app)
    csrf = token(browser.get("/sign-in/code").text)
    time.move(minutes=6)
    late = browser.client.post("/sign-in/code", data={"csrf": csrf, "code": _code(time)})
    assert late.status_code == 401
    assert browser.get("/sign-in/code").location == "/sign-in"


def test_a_code_without_the_password_is_worth_nothing(
    app: Flask, client: FlaskClient, recovery: list[str], time: clock.FixedClock
) -> None:
    csrf = token(client.get("/sign-in").text)
    assert client.post("/sign-in/code", data={"csrf": csrf, "code": _code(time)}).status_code == 401


def test_a_new_password_ends_the_way_to_the_code(
    app: Flask, session: Session, person: Person, recovery: list[str], time: clock.FixedClock
) -> None:
    browser = _password(app)
    csrf = token(browser.get("/sign-in/code").text)
    account_links.use(session, account_links.make(session, person, time()), "another long password", time())
    session.commit()
    late = browser.client.post("/sign-in/code", data={"csrf": csrf, "code": _code(time)})
    assert late.status_code == 401


def test_a_link_for_a_new_password_does_not_go_round_it(
    app: Flask, session: Session, person: Person, recovery: list[str], time: clock.FixedClock
) -> None:
    path = f"/welcome/{account_links.make(session, person, time())}"
    session.commit()
    browser = Browser(app.test_client())
    assert browser.post(path, path, password="another long password").location == "/sign-in/code"
    assert browser.get("/me").status_code == 302


def test_its_owner_ends_it_with_a_code(app: Flask, recovery: list[str], time: clock.FixedClock) -> None:
    ada = _password(app)
    _type(ada, _code(time))
    assert ada.post("/me/factor/end", code="000000").status_code == 422
    assert ada.post("/me/factor").status_code == 409
    assert ada.post("/me/factor/end", code=recovery[0]).status_code == 303
    sign_in(app, EMAIL)


@pytest.mark.parametrize("door", ["page", "call"])
def test_an_administrator_ends_it_for_whoever_lost_the_device(
    app: Flask, session: Session, workspace: Any, person: Person, recovery: list[str], time: clock.FixedClock,
    door: str,
) -> None:  # fmt: skip
    workspaces.add_person(
        session, workspace.workspace_id, "bea@example.com", "Bea", PASSWORD, time(), role="administrator"
    )
    session.commit()
    bea, path = sign_in(app, "bea@example.com"), f"/people/{person.person_id}/factor/end"
    assert html.escape(path) in bea.get("/people").text
    if door == "page":
        assert bea.post(path).status_code == 303
    else:
        done = bea.call("DELETE", f"/api/v1/people/{person.person_id}/second-factor")
        assert done.json["email"] == EMAIL
    sign_in(app, EMAIL)
    (last,) = session.scalars(select(Change).where(Change.verb == "factor_off"))
    assert (last.actor, last.key) == ("bea@example.com", str(person.person_id))
