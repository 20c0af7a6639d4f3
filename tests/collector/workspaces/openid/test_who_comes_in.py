"""Sign-in by OpenID Connect, against a provider that runs: who comes in, as what, and what is refused."""

from __future__ import annotations

import dataclasses
import http.client
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from browsers import PASSWORD, Browser
from flask import Flask
from flask.testing import FlaskClient
from openid_provider import Provider
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import clock, workspaces
from collector.changes import Change
from collector.config import Access, Config
from collector.workspaces import people
from tests.collector.workspaces.openid.conftest import people_of, sign_in


def test_who_is_let_in_by_a_rule_is_made_on_the_spot(
    client: FlaskClient, provider: Provider, session: Session
) -> None:
    answer = sign_in(client, provider, "/journeys")
    assert (answer.status_code, answer.location) == (303, "/journeys")
    assert client.get("/me").status_code == 200
    (olga,) = people_of(session)
    said = (olga.email, olga.name, olga.role, olga.scope, olga.state)
    assert said == ("olga@example.com", "Olga", "member", ["operations"], "active")
    verbs = [
        row.verb
        for row in session.scalars(select(Change).where(Change.noun == "person").order_by(Change.number))
    ]
    assert verbs == ["invited", "opened", "signed_in"]


def test_the_browser_itself_finds_the_provider_by_its_discovery(
    client: FlaskClient, provider: Provider
) -> None:
    address = urlsplit(client.get("/sign-in/openid").location)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=20)
    connection.request("GET", f"{address.path}?{address.query}")
    back = urlsplit(connection.getresponse().headers["Location"])
    connection.close()
    assert client.get(f"{back.path}?{back.query}").status_code == 303
    asked = {name: values[0] for name, values in parse_qs(address.query).items()}
    assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
    assert asked["redirect_uri"] == "http://127.0.0.1:8400/sign-in/openid/back"
    assert "verifier" not in asked


def test_role_and_scope_follow_the_claims_at_each_sign_in(
    client: FlaskClient, provider: Provider, session: Session
) -> None:
    sign_in(client, provider)
    provider.who["groups"] = ["ops", "sales"]
    sign_in(client, provider)
    assert [(each.role, each.scope) for each in people_of(session)] == [("member", ["operations", "sales"])]
    provider.who["groups"] = ["sales", "it"]
    sign_in(client, provider)
    assert [(each.role, each.scope) for each in people_of(session)] == [("administrator", None)]


def test_whom_no_rule_lets_in_any_more_is_out_everywhere(
    app: Flask, client: FlaskClient, provider: Provider, session: Session
) -> None:
    sign_in(client, provider)
    provider.who["groups"] = ["canteen"]
    refused = sign_in(app.test_client(), provider)
    assert (refused.status_code, "Nobody has let you in" in refused.text) == (401, True)
    assert client.get("/me").status_code == 302
    assert [row.verb for row in session.scalars(select(Change).order_by(Change.number))][
        -1
    ] == "sign_in_failed"


def test_somebody_who_was_invited_is_found_by_their_proved_address(
    client: FlaskClient, provider: Provider, session: Session, workspace: Any, time: clock.FixedClock
) -> None:
    people.invite(session, workspace.workspace_id, "olga@example.com", "editor", None, "tests", time())
    session.commit()
    sign_in(client, provider)
    provider.who["email"] = "olga.new@example.com"  # the subject stays
    sign_in(client, provider)
    assert [(each.email, each.state) for each in people_of(session)] == [("olga@example.com", "active")]


@pytest.mark.parametrize("proof", [{"email_verified": False}, {"email_verified": None}, {"email": None}])
def test_an_address_that_nobody_vouches_for_opens_nobodys_account(
    client: FlaskClient,
    provider: Provider,
    session: Session,
    workspace: Any,
    time: clock.FixedClock,
    proof: Any,
) -> None:
    people.add_person(
        session, workspace.workspace_id, "olga@example.com", "Olga", PASSWORD, time(), "administrator"
    )
    session.commit()
    provider.lies = proof
    provider.userinfo = {"sub": "olga-1"}
    assert sign_in(client, provider).status_code == 401
    assert [(each.role, each.subject) for each in people_of(session)] == [("administrator", None)]


def test_an_address_that_belongs_to_another_subject_is_not_taken_over(
    app: Flask, client: FlaskClient, provider: Provider, session: Session
) -> None:
    sign_in(client, provider)
    provider.who["sub"] = "mallory-1"
    assert sign_in(app.test_client(), provider).status_code == 401
    assert len(people_of(session)) == 1


def test_who_was_ended_here_stays_out(
    client: FlaskClient, provider: Provider, session: Session, time: clock.FixedClock
) -> None:
    sign_in(client, provider)
    people.end(session, people_of(session)[0], "tests", time())
    session.commit()
    assert sign_in(client, provider).status_code == 401


def test_the_last_administrator_stays_one(client: FlaskClient, provider: Provider, session: Session) -> None:
    provider.who["groups"] = ["it"]
    sign_in(client, provider)
    provider.who["groups"] = ["ops"]
    assert sign_in(client, provider).status_code == 303
    assert people_of(session)[0].role == "administrator"


def test_what_the_token_leaves_out_is_asked_of_the_user_information(
    client: FlaskClient, provider: Provider, session: Session
) -> None:
    provider.lies = {"email": None, "email_verified": None, "groups": None}
    provider.userinfo = {"sub": "somebody-else", "email": "olga@example.com", "email_verified": True}
    assert sign_in(client, provider).status_code == 401
    provider.userinfo = {**provider.userinfo, "sub": "olga-1", "groups": ["ops"]}
    assert sign_in(client, provider).status_code == 303
    assert people_of(session)[0].scope == ["operations"]


def test_without_rules_only_who_was_invited_comes_in(
    app: Flask,
    client: FlaskClient,
    provider: Provider,
    session: Session,
    workspace: Any,
    time: clock.FixedClock,
) -> None:
    asked_of = app.extensions["afterword_openid"]
    asked_of.settings = dataclasses.replace(asked_of.settings, access=())
    assert sign_in(client, provider).status_code == 401
    people.invite(session, workspace.workspace_id, "olga@example.com", "editor", None, "tests", time())
    session.commit()
    assert sign_in(client, provider).status_code == 303
    assert [(each.role, each.scope) for each in people_of(session)] == [("editor", None)]


def test_of_several_workspaces_one_must_be_named(
    app: Flask,
    client: FlaskClient,
    provider: Provider,
    config: Config,
    session: Session,
    time: clock.FixedClock,
) -> None:
    workspaces.create(session, "Other", time())
    session.commit()
    assert sign_in(client, provider).status_code == 503  # the rules do not say of which they speak
    app.extensions["afterword_config"] = dataclasses.replace(config, oidc_workspace="Other")
    assert sign_in(client, provider).status_code == 303
    (olga,) = people_of(session)
    assert workspaces.get(session, olga.workspace_id).name == "Other"


def test_rules_may_let_into_several_workspaces_each_with_a_scope_of_its_own(
    app: Flask,
    client: FlaskClient,
    provider: Provider,
    session: Session,
    workspace: Any,
    time: clock.FixedClock,
) -> None:
    north = workspaces.create(session, "North", time())
    people.invite(session, workspace.workspace_id, "olga@example.com", "editor", None, "tests", time())
    session.commit()
    asked_of = app.extensions["afterword_openid"]
    rules = (Access("ops", "member", ("operations",), "North"),)
    asked_of.settings = dataclasses.replace(asked_of.settings, access=rules)
    assert sign_in(client, provider, "/journeys").location == "/sign-in/workspace"
    browser = Browser(client)
    into = {"workspace": str(north.workspace_id)}
    entered = browser.post("/sign-in/workspace", "/sign-in/workspace", **into)
    assert (entered.status_code, entered.location) == (303, "/journeys")
    found = {each.workspace_id: (each.role, each.scope) for each in people_of(session)}
    assert found == {
        north.workspace_id: ("member", ["operations"]),
        workspace.workspace_id: ("editor", None),
    }
    back = f"/me/workspaces/{workspace.workspace_id}"
    assert browser.post(back).status_code == 303
    assert browser.get("/people").status_code == 403
    assert browser.get("/setup/owners").status_code == 200  # the editor's


def test_passwords_may_be_off(
    app: Flask, client: FlaskClient, provider: Provider, config: Config, session: Session, workspace: Any,
    time: clock.FixedClock,
) -> None:  # fmt: skip
    page = client.get("/sign-in").text
    assert 'href="/sign-in/openid?next=/"' in page
    assert 'name="password"' in page
    app.extensions["afterword_config"] = dataclasses.replace(config, passwords=False)
    assert 'name="password"' not in client.get("/sign-in").text
    made = people.invite(session, workspace.workspace_id, "x@example.com", "member", None, "tests", time())
    session.commit()
    for path in ("/sign-in", "/forgot", f"/welcome/{made.secret}"):
        assert "Nobody signs in by a password here" in client.post(path, data={"email": "x"}).text
    sign_in(client, provider)
    assert 'name="old"' not in client.get("/me").text


def test_where_no_provider_is_set_there_is_no_such_door(app: Flask, client: FlaskClient) -> None:
    app.extensions["afterword_openid"] = None
    assert client.get("/sign-in/openid").status_code == 404
