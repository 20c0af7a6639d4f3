"""People: invited by page, call and command; opened by a link; given roles and scopes; reset; ended."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from browsers import PASSWORD, Browser, open_account, sign_in
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import clock, errors
from collector.changes import Change
from collector.workspaces import account_links, people, scopes
from collector.workspaces.models import AccountLink, Person

INVITATION = {"email": "Olga@Example.com", "role": "member", "scope": ["operations"]}
Headers = dict[str, dict[str, str]]


@pytest.fixture
def invited(client: FlaskClient, company: Any, keys: Headers) -> dict[str, Any]:
    """Olga of Operations, invited over the API."""
    answer = client.post("/api/v1/people", json=INVITATION, headers=keys["admin"])
    assert answer.status_code == 201, answer.text
    return dict(answer.json)


def _link(page: str) -> str:
    found = re.search(r'value="(http[^"]+/welcome/[^"]+)"', page)
    assert found, page
    return html.unescape(found[1])


def test_an_administrator_invites_by_page_and_the_link_opens_the_account(app: Flask, ada: Browser) -> None:
    page = ada.post("/people", email="olga@example.com", role="member", reach="some", scope="operations")
    olga = open_account(app, _link(page.text), name="Olga", language="de")
    assert olga.get("/").location == "/desk"
    assert 'lang="de"' in olga.get("/me").text
    assert "Olga" in ada.get("/people").text
    sign_in(app, "olga@example.com")


def test_the_link_is_shown_once(ada: Browser, invited: dict[str, Any]) -> None:
    secret = invited["link"].rpartition("/")[2]
    assert secret not in ada.get("/people").text
    assert secret not in ada.get("/api/v1/people").text
    assert secret not in ada.get("/api/v1/changes").text


def test_the_api_says_who_is_here(client: FlaskClient, keys: Headers, invited: dict[str, Any]) -> None:
    (olga,) = client.get("/api/v1/people", headers=keys["admin"]).json["people"]
    assert (olga["email"], olga["role"], olga["scope"], olga["state"]) == (
        "olga@example.com", "member", ["operations"], "invited",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"scope": ["nobody"]}, "unknown_stakeholder"),
        ({"scope": []}, "invalid_input"),
        ({"scope": "sales"}, "invalid_input"),
        ({"role": "admin"}, "invalid_input"),
        ({"role": "administrator"}, "invalid_input"),
        ({"email": "no address"}, "bad_address"),
        ({"email": "a@b\r\nBcc: c@d.example"}, "bad_address"),
    ],
)
def test_what_does_not_fit_is_refused(
    client: FlaskClient, company: Any, keys: Headers, wrong: dict[str, Any], code: str
) -> None:
    refused = client.post("/api/v1/people", json=INVITATION | wrong, headers=keys["admin"])
    assert (refused.status_code, refused.json["code"]) == (422, code)


def test_nobody_is_invited_twice(client: FlaskClient, keys: Headers, invited: dict[str, Any]) -> None:
    again = client.post("/api/v1/people", json=INVITATION, headers=keys["admin"])
    assert (again.status_code, again.json["code"]) == (409, "known_email")


def test_a_link_opens_once(app: Flask, invited: dict[str, Any]) -> None:
    open_account(app, invited["link"])
    late = app.test_client().get("/welcome/" + invited["link"].rpartition("/")[2])
    assert late.status_code == 410


def test_looking_at_a_link_does_not_use_it_up(app: Flask, invited: dict[str, Any]) -> None:
    path = "/welcome/" + invited["link"].rpartition("/")[2]
    assert [app.test_client().get(path).status_code for _ in range(3)] == [200, 200, 200]
    assert app.test_client().get(path).headers["Cache-Control"] == "private, no-store"
    open_account(app, invited["link"])


def test_a_link_expires(app: Flask, invited: dict[str, Any], time: clock.FixedClock) -> None:
    time.move(days=7, seconds=1)
    assert app.test_client().get("/welcome/" + invited["link"].rpartition("/")[2]).status_code == 410


def test_a_new_link_ends_the_one_before(
    app: Flask, client: FlaskClient, keys: Headers, invited: dict[str, Any]
) -> None:
    path = f"/api/v1/people/{invited['person']['person_id']}/reset"
    newer = client.post(path, headers=keys["admin"]).json["link"]
    assert app.test_client().get("/welcome/" + invited["link"].rpartition("/")[2]).status_code == 410
    open_account(app, newer)


def test_of_two_who_open_a_link_at_once_one_wins(
    session: Session, company: Any, invited: dict[str, Any], time: clock.FixedClock
) -> None:
    secret = invited["link"].rpartition("/")[2]
    account_links.use(session, secret, PASSWORD, time())
    session.commit()
    with pytest.raises(errors.Gone):
        account_links.use(session, secret, PASSWORD, time())


def test_links_are_made_of_our_own_address_never_of_the_hosts_header(
    client: FlaskClient, company: Any, keys: Headers
) -> None:
    headers = {**keys["admin"], "Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    link = client.post("/api/v1/people", json=INVITATION, headers=headers).json["link"]
    assert "evil.example" not in link


@pytest.mark.parametrize("weak", ["short", "olga@example.com", "aaaaaaaaaaaa", "1234567890"])
def test_a_weak_password_is_refused_and_the_link_lives_on(
    app: Flask, invited: dict[str, Any], weak: str
) -> None:
    path = "/welcome/" + invited["link"].rpartition("/")[2]
    refused = Browser(app.test_client()).post(path, path, password=weak)
    assert refused.status_code == 422
    open_account(app, invited["link"])


def test_a_form_of_another_site_opens_no_account(app: Flask, invited: dict[str, Any]) -> None:
    path = "/welcome/" + invited["link"].rpartition("/")[2]
    client = app.test_client()
    client.get(path)
    assert client.post(path, data={"password": PASSWORD, "csrf": "x"}).status_code == 403


def test_the_cookie_before_a_sign_in_is_never_the_one_after(app: Flask, invited: dict[str, Any]) -> None:
    path = "/welcome/" + invited["link"].rpartition("/")[2]
    browser = Browser(app.test_client())
    browser.client.set_cookie("afterword", "chosen-by-somebody-else")
    browser.post(path, path, password=PASSWORD)
    cookie = browser.client.get_cookie("afterword")
    assert cookie is not None
    assert cookie.value != "chosen-by-somebody-else"


def test_a_reset_signs_out_every_browser(app: Flask, ada: Browser, invited: dict[str, Any]) -> None:
    old = open_account(app, invited["link"])
    page = ada.post(f"/people/{invited['person']['person_id']}/reset")
    open_account(app, _link(page.text), "another long password")
    assert old.get("/me").status_code == 302
    sign_in(app, "olga@example.com", "another long password")


def test_a_role_is_changed_and_holds_at_once(app: Flask, ada: Browser, invited: dict[str, Any]) -> None:
    olga = open_account(app, invited["link"])
    assert olga.post("/setup/owners", name="Billing").status_code == 403
    ada.post(f"/people/{invited['person']['person_id']}/role", role="editor", reach="all")
    assert olga.post("/setup/owners", name="Billing").status_code == 303
    assert olga.get("/people").status_code == 403


def test_the_last_administrator_stays(ada: Browser, session: Session) -> None:
    only = session.scalars(select(Person.person_id)).one()
    session.rollback()
    assert ada.post(f"/people/{only}/role", role="member", reach="all").status_code == 409
    assert ada.post(f"/people/{only}/end").status_code == 409
    assert ada.get("/people").status_code == 200


def test_who_has_left_is_out_at_once_and_keeps_their_name(
    app: Flask, client: FlaskClient, keys: Headers, ada: Browser, invited: dict[str, Any]
) -> None:
    olga = open_account(app, invited["link"], name="Olga")
    ended = client.delete(f"/api/v1/people/{invited['person']['person_id']}", headers=keys["admin"])
    assert (ended.status_code, ended.json["state"]) == (200, "ended")
    assert olga.get("/me").status_code == 302
    assert "Olga" in ada.get("/people").text
    again = Browser(app.test_client()).post(
        "/sign-in", "/sign-in", email="olga@example.com", password=PASSWORD
    )
    assert again.status_code == 401


def test_who_has_left_may_come_back(client: FlaskClient, keys: Headers, invited: dict[str, Any]) -> None:
    client.delete(f"/api/v1/people/{invited['person']['person_id']}", headers=keys["admin"])
    again = client.post("/api/v1/people", json=INVITATION | {"scope": "all"}, headers=keys["admin"])
    assert again.json["person"]["person_id"] == invited["person"]["person_id"]
    assert (again.json["person"]["state"], again.json["person"]["scope"]) == ("invited", "all")


def test_members_and_editors_invite_nobody(app: Flask, invited: dict[str, Any]) -> None:
    olga = open_account(app, invited["link"])
    assert olga.get("/people").status_code == 403
    assert olga.call("POST", "/api/v1/people", json=INVITATION).status_code == 403


def test_each_step_is_in_the_record(app: Flask, ada: Browser, invited: dict[str, Any], session: Session) -> None:  # fmt: skip
    olga = invited["person"]["person_id"]
    open_account(app, invited["link"])
    ada.post(f"/people/{olga}/role", role="editor", reach="all")
    ada.post(f"/people/{olga}/end")
    rows = session.scalars(select(Change).where(Change.key == olga).order_by(Change.number))
    assert [(row.verb, row.actor) for row in rows] == [
        ("invited", "admin"), ("opened", "olga@example.com"), ("signed_in", "olga@example.com"),
        ("role", "ada@example.com"), ("ended", "ada@example.com"),
    ]  # fmt: skip


def test_a_password_is_changed_and_other_browsers_are_signed_out(app: Flask, invited: dict[str, Any]) -> None:
    here = open_account(app, invited["link"])
    there = sign_in(app, "olga@example.com")
    wrong = here.post("/me/password", old="wrong", password="another long password")
    assert wrong.status_code == 422
    assert here.post("/me/password", old=PASSWORD, password="another long password").status_code == 303
    assert here.get("/me").status_code == 200
    assert there.get("/me").status_code == 302


def test_sign_ins_are_listed_and_ended_one_by_one(app: Flask, invited: dict[str, Any]) -> None:
    here = open_account(app, invited["link"])
    there = sign_in(app, "olga@example.com")
    other = re.findall(r"/me/sign-ins/([0-9a-f-]+)/end", here.get("/me").text)
    assert len(other) == 1
    assert here.post(f"/me/sign-ins/{other[0]}/end").status_code == 303
    assert there.get("/me").status_code == 302
    assert here.post(f"/me/sign-ins/{other[0]}/end").status_code == 404


def test_an_idle_browser_is_signed_out_and_a_busy_one_is_not_until_its_time(
    app: Flask, invited: dict[str, Any], time: clock.FixedClock
) -> None:
    busy, idle = open_account(app, invited["link"]), sign_in(app, "olga@example.com")
    for _ in range(6):
        time.move(days=2)
        assert busy.get("/me").status_code == 200
    assert idle.get("/me").status_code == 302
    time.move(days=2)
    assert busy.get("/me").status_code == 302


def test_another_workspaces_people_are_out_of_reach(
    client: FlaskClient, keys: Headers, session: Session, company: Any, time: clock.FixedClock
) -> None:
    from collector import workspaces

    other = workspaces.create(session, "Other", time())
    made = people.invite(session, other.workspace_id, "x@example.com", "member", None, "tests", time())
    session.commit()
    path = f"/api/v1/people/{made.person.person_id}"
    assert client.patch(path, json={"role": "editor"}, headers=keys["admin"]).status_code == 404
    assert client.delete(path, headers=keys["admin"]).status_code == 404
    assert client.post(f"{path}/reset", headers=keys["admin"]).status_code == 404


def test_forgotten_ends_no_link_that_was_handed_over(
    session: Session, company: Any, invited: dict[str, Any], time: clock.FixedClock
) -> None:
    assert account_links.forgotten(session, "olga@example.com", time()) == 0
    account_links.find(session, invited["link"].rpartition("/")[2], time())
    assert account_links.forgotten(session, "nobody@example.com", time()) == 0


def test_asking_again_and_again_mails_once_in_a_while(
    app: Flask, session: Session, invited: dict[str, Any], time: clock.FixedClock
) -> None:
    open_account(app, invited["link"])
    counts = [account_links.forgotten(session, "olga@example.com", time()) for _ in range(3)]
    assert counts == [1, 0, 0]
    session.scalars(select(AccountLink)).one().mail_attempts = 1
    assert account_links.forgotten(session, "olga@example.com", time() + timedelta(minutes=11)) == 1


def test_a_scope_covers_what_its_stakeholders_own() -> None:
    sales = scopes.of(["sales"])
    assert sales.covers(["operations", "sales"])
    assert not sales.covers(["operations"])
    assert not sales.covers([])
    assert scopes.of(None).covers([])


def test_a_typed_scope_is_read() -> None:
    assert scopes.read("all", ["sales"]) is None
    assert scopes.read("operations, sales,sales", ["sales", "operations"]) == ["operations", "sales"]
    for wrong in ("", "nobody", "all,sales"):
        with pytest.raises(errors.BadInput):
            scopes.read(wrong, ["sales"])
