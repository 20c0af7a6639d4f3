"""One human in several workspaces: the choice at the sign-in, going from one to another, joining, and who may not."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from browsers import PASSWORD, Browser, sign_in
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import clock, workspaces
from collector.workspaces import Person, SignIn, people, second_factor, totp

EMAIL = "ada@example.com"
OTHER = "quite another password"
SECRET = b"12345678901234567890"


@pytest.fixture
def south(session: Session, workspace: workspaces.Workspace, time: clock.FixedClock) -> Person:
    """Ada in the company that is here anyway: its administrator."""
    return _person(session, workspace, "administrator", PASSWORD, time)


@pytest.fixture
def north(session: Session, time: clock.FixedClock) -> Person:
    """Ada in another one: a member for Sales, by the same password."""
    return _person(session, workspaces.create(session, "North", time()), "member", PASSWORD, time, ["sales"])


def _person(
    session: Session, where: Any, role: str, password: str, time: clock.FixedClock, scope: Any = None
) -> Person:
    made = workspaces.add_person(session, where.workspace_id, EMAIL, "Ada", password, time(), role, scope)
    session.commit()
    session.refresh(made)
    session.expunge(made)
    session.commit()  # SQLite has one writer: leave the place to the app
    return made


def _switch(browser: Browser, to: Person) -> Any:
    return browser.post(f"/me/workspaces/{to.workspace_id}")


def _is_administrator(browser: Browser) -> bool:
    return bool(browser.get("/people").status_code == 200)


def test_a_password_that_fits_two_workspaces_asks_which(app: Flask, south: Person, north: Person) -> None:
    browser = Browser(app.test_client())
    form = {"email": EMAIL, "password": PASSWORD, "next": "/journeys"}
    assert browser.post("/sign-in", "/sign-in", **form).location == "/sign-in/workspace"
    assert browser.get("/me").status_code == 302  # nobody is in yet
    page = browser.get("/sign-in/workspace").text
    assert page.index("Example Telecom") < page.index("North")
    entered = browser.post("/sign-in/workspace", "/sign-in/workspace", workspace=str(north.workspace_id))
    assert (entered.status_code, entered.location) == (303, "/journeys")
    assert not _is_administrator(browser)
    assert ">North</a>" in browser.get("/journeys").text


def test_one_goes_from_one_to_the_other_and_is_what_one_is_there(
    app: Flask, session: Session, south: Person, north: Person, time: clock.FixedClock
) -> None:
    browser = _signed_in(app, south)
    assert _is_administrator(browser)
    time.move(days=1)
    ends = session.scalars(select(SignIn.expires_at)).one()
    session.rollback()
    assert _switch(browser, north).location == "/"
    assert not _is_administrator(browser)
    assert browser.get("/").location.endswith("/desk")
    assert session.scalars(select(SignIn.expires_at)).all() == [ends]  # no longer, and not in both
    session.rollback()
    assert _switch(browser, south).status_code == 303
    assert _is_administrator(browser)


def test_an_address_alone_joins_nothing(
    app: Flask, session: Session, south: Person, time: clock.FixedClock
) -> None:
    """Whoever administers a workspace may write down any address: that opens no other workspace, nor names it."""
    other = _person(session, workspaces.create(session, "North", time()), "administrator", OTHER, time)
    browser = sign_in(app, EMAIL, OTHER)
    page = browser.get("/me").text
    assert "Example Telecom" not in page
    assert _switch(browser, south).status_code == 404
    assert browser.post("/me/workspaces", other="a wrong password").location.startswith("/me?saved=nowhere")
    assert _switch(browser, south).status_code == 404
    assert browser.post("/me/workspaces", other=PASSWORD).location.startswith("/me?saved=joined")
    assert _switch(browser, south).status_code == 303
    assert _switch(browser, other).status_code == 303


def test_passwords_of_elsewhere_are_guessed_as_seldom_as_at_the_sign_in(
    app: Flask, session: Session, south: Person, time: clock.FixedClock
) -> None:
    _person(session, workspaces.create(session, "North", time()), "member", OTHER, time)
    browser = sign_in(app, EMAIL, OTHER)
    tries = [browser.post("/me/workspaces", other=f"guess number {n}").status_code for n in range(11)]
    assert tries == [303] * 10 + [429]


def test_who_has_left_or_changed_the_password_there_is_asked_again(
    app: Flask, session: Session, south: Person, north: Person, time: clock.FixedClock
) -> None:
    browser = _signed_in(app, south)
    session.get_one(Person, (north.workspace_id, north.person_id)).password_hash = "another"
    session.commit()
    assert _switch(browser, north).status_code == 404


def test_a_second_factor_of_the_other_workspace_is_asked_for(
    app: Flask, session: Session, south: Person, north: Person, time: clock.FixedClock
) -> None:
    second_factor.begin(session, north).secret = SECRET
    second_factor.confirm(session, north, _code(time), time())
    session.commit()
    time.move(minutes=5)
    browser = _signed_in(app, south)
    assert _switch(browser, north).location == "/sign-in/code"
    assert _is_administrator(browser)  # still where they were
    assert browser.post("/sign-in/code", "/sign-in/code", code="000000").status_code == 422
    assert browser.post("/sign-in/code", "/sign-in/code", code=_code(time)).status_code == 303
    assert not _is_administrator(browser)


def test_an_invitation_is_opened_with_the_account_that_one_has(
    app: Flask, session: Session, south: Person, time: clock.FixedClock
) -> None:
    place = workspaces.create(session, "North", time())
    made = people.invite(session, place.workspace_id, EMAIL, "editor", None, "tests", time())
    session.commit()
    link = f"/welcome/{made.secret}"
    assert (
        "Example Telecom" not in app.test_client().get(link).text
    )  # whoever only has the link learns nothing
    browser = sign_in(app, EMAIL)
    assert "Example Telecom" in browser.get(link).text
    assert browser.post(f"{link}/own", link).status_code == 303
    assert not _is_administrator(browser)
    assert _switch(browser, south).status_code == 303
    again = Browser(app.test_client())
    form = {"email": EMAIL, "password": PASSWORD}
    assert again.post("/sign-in", "/sign-in", **form).location == "/sign-in/workspace"
    assert browser.post(f"{link}/own", "/sign-in").status_code == 410  # once


def test_nobody_opens_an_invitation_of_somebody_else(
    app: Flask, session: Session, south: Person, time: clock.FixedClock
) -> None:
    place = workspaces.create(session, "North", time())
    olga = people.invite(session, place.workspace_id, "olga@example.com", "editor", None, "tests", time())
    reset = people.reset(session, _person(session, place, "member", OTHER, time), "tests", time())
    session.commit()
    browser = sign_in(app, EMAIL)
    for secret in (olga.secret, reset):
        assert browser.post(f"/welcome/{secret}/own", f"/welcome/{secret}").status_code == 409
    assert Browser(app.test_client()).post(f"/welcome/{olga.secret}/own", "/sign-in").status_code == 401


def test_a_new_password_is_the_new_one_wherever_the_old_one_was(
    app: Flask, session: Session, south: Person, north: Person, time: clock.FixedClock
) -> None:
    elsewhere = _signed_in(app, north)
    browser = _signed_in(app, south)
    assert browser.post("/me/password", old=PASSWORD, password=OTHER).status_code == 303
    assert elsewhere.get("/me").status_code == 302
    assert _switch(browser, north).status_code == 303  # it still belongs together
    form = {"email": EMAIL, "password": OTHER}
    assert Browser(app.test_client()).post("/sign-in", "/sign-in", **form).location == "/sign-in/workspace"


def test_a_reset_by_an_administrator_opens_their_own_workspace_alone(
    app: Flask, session: Session, south: Person, north: Person, time: clock.FixedClock
) -> None:
    secret = people.reset(session, north, "tests", time())
    session.commit()
    browser = Browser(app.test_client())
    assert browser.post(f"/welcome/{secret}", f"/welcome/{secret}", password=OTHER).status_code == 303
    assert not _is_administrator(browser)
    assert _switch(browser, south).status_code == 404


def test_a_choice_is_over_after_five_minutes(
    app: Flask, south: Person, north: Person, time: clock.FixedClock
) -> None:
    browser = Browser(app.test_client())
    browser.post("/sign-in", "/sign-in", email=EMAIL, password=PASSWORD)
    time.move(minutes=6)
    assert browser.get("/sign-in/workspace").location == "/sign-in"


def test_one_chooses_among_ones_own_only(app: Flask, south: Person, north: Person) -> None:
    browser = Browser(app.test_client())
    browser.post("/sign-in", "/sign-in", email=EMAIL, password=PASSWORD)
    refused = browser.post("/sign-in/workspace", "/sign-in/workspace", workspace=str(uuid.uuid4()))
    assert refused.status_code == 404


def _signed_in(app: Flask, person: Person) -> Browser:
    browser = Browser(app.test_client())
    browser.post("/sign-in", "/sign-in", email=EMAIL, password=PASSWORD)
    form = {"workspace": str(person.workspace_id)}
    assert browser.post("/sign-in/workspace", "/sign-in/workspace", **form).status_code == 303
    return browser


def _code(time: clock.FixedClock) -> str:
    return totp.code(SECRET, int(time().timestamp()) // totp.STEP)
