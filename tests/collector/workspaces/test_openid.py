"""Sign-in by OpenID Connect, against a provider that runs: who comes in, as what, and what is refused."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import hmac
import http.client
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import openid_provider
import pytest
from browsers import PASSWORD, Browser
from flask import Flask
from flask.testing import FlaskClient
from joserfc import jwk
from openid_provider import CLIENT, SECRET, Provider
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import clock, workspaces
from collector.changes import Change
from collector.config import Access, Config
from collector.workspaces import Person, people

RULES = (
    Access("it", "administrator", None),
    Access("ops", "member", ("operations",)),
    Access("sales", "member", ("sales",)),
)


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    with openid_provider.running() as made:
        yield made


@pytest.fixture
def provider(running: Provider, time: clock.FixedClock) -> Provider:
    return running.forget(lambda: time().timestamp())


@pytest.fixture
def config(config: Config, provider: Provider) -> Config:
    return dataclasses.replace(
        config,
        oidc_issuer=provider.issuer,
        oidc_client_id=CLIENT,
        oidc_client_secret=SECRET,
        oidc_access=RULES,
    )


@pytest.fixture(autouse=True)
def here(workspace: Any) -> Any:
    return workspace


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def _set_out(client: FlaskClient, next_url: str = "/") -> dict[str, str]:
    """The query with which the provider is asked."""
    answer = client.get("/sign-in/openid", query_string={"next": next_url})
    assert answer.status_code == 302, answer.text
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.location).query).items()}


def _at_the_provider(provider: Provider, asked: dict[str, str]) -> str:
    """Where the provider sends the browser: our own path and query."""
    back = urlsplit(provider.authorize(asked))
    return f"{back.path}?{back.query}"


def _sign_in(client: FlaskClient, provider: Provider, next_url: str = "/") -> Any:
    return client.get(_at_the_provider(provider, _set_out(client, next_url)))


def _people(session: Session) -> list[Person]:
    query = select(Person).order_by(Person.created_at).execution_options(populate_existing=True)
    found = list(session.scalars(query))
    session.commit()  # a reader of SQLite who stays would hold up the next sign-in
    return found


def test_who_is_let_in_by_a_rule_is_made_on_the_spot(
    client: FlaskClient, provider: Provider, session: Session
) -> None:
    answer = _sign_in(client, provider, "/journeys")
    assert (answer.status_code, answer.location) == (303, "/journeys")
    assert client.get("/me").status_code == 200
    (olga,) = _people(session)
    said = (olga.email, olga.name, olga.role, olga.scope, olga.state)
    assert said == ("olga@example.com", "Olga", "member", ["operations"], "active")
    verbs = [row.verb for row in session.scalars(select(Change).where(Change.noun == "person"))]
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
    _sign_in(client, provider)
    provider.who["groups"] = ["ops", "sales"]
    _sign_in(client, provider)
    assert [(each.role, each.scope) for each in _people(session)] == [("member", ["operations", "sales"])]
    provider.who["groups"] = ["sales", "it"]
    _sign_in(client, provider)
    assert [(each.role, each.scope) for each in _people(session)] == [("administrator", None)]


def test_whom_no_rule_lets_in_any_more_is_out_everywhere(
    app: Flask, client: FlaskClient, provider: Provider, session: Session
) -> None:
    _sign_in(client, provider)
    provider.who["groups"] = ["canteen"]
    refused = _sign_in(app.test_client(), provider)
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
    _sign_in(client, provider)
    provider.who["email"] = "olga.new@example.com"  # the subject stays
    _sign_in(client, provider)
    assert [(each.email, each.state) for each in _people(session)] == [("olga@example.com", "active")]


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
    assert _sign_in(client, provider).status_code == 401
    assert [(each.role, each.subject) for each in _people(session)] == [("administrator", None)]


def test_an_address_that_belongs_to_another_subject_is_not_taken_over(
    app: Flask, client: FlaskClient, provider: Provider, session: Session
) -> None:
    _sign_in(client, provider)
    provider.who["sub"] = "mallory-1"
    assert _sign_in(app.test_client(), provider).status_code == 401
    assert len(_people(session)) == 1


def test_who_was_ended_here_stays_out(
    client: FlaskClient, provider: Provider, session: Session, time: clock.FixedClock
) -> None:
    _sign_in(client, provider)
    people.end(session, _people(session)[0], "tests", time())
    session.commit()
    assert _sign_in(client, provider).status_code == 401


def test_the_last_administrator_stays_one(client: FlaskClient, provider: Provider, session: Session) -> None:
    provider.who["groups"] = ["it"]
    _sign_in(client, provider)
    provider.who["groups"] = ["ops"]
    assert _sign_in(client, provider).status_code == 303
    assert _people(session)[0].role == "administrator"


def test_what_the_token_leaves_out_is_asked_of_the_user_information(
    client: FlaskClient, provider: Provider, session: Session
) -> None:
    provider.lies = {"email": None, "email_verified": None, "groups": None}
    provider.userinfo = {"sub": "somebody-else", "email": "olga@example.com", "email_verified": True}
    assert _sign_in(client, provider).status_code == 401
    provider.userinfo = {**provider.userinfo, "sub": "olga-1", "groups": ["ops"]}
    assert _sign_in(client, provider).status_code == 303
    assert _people(session)[0].scope == ["operations"]


@pytest.mark.parametrize(
    "lie",
    [
        {"iss": "https://evil.example"},
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "somebody-else"},
        {"aud": [CLIENT, "somebody-else"]},
        {"aud": [CLIENT, "somebody-else"], "azp": "somebody-else"},
        {"exp": 1},
        {"exp": None},
        {"iat": 9_999_999_999},
        {"sub": ""},
    ],
    ids=str,
)
def test_a_token_that_says_something_wrong_is_refused(
    client: FlaskClient, provider: Provider, session: Session, lie: dict[str, Any]
) -> None:
    provider.lies = lie
    refused = _sign_in(client, provider)
    assert (refused.status_code, "Begin again" in refused.text) == (401, True)
    assert client.get("/me").status_code == 302
    assert _people(session) == []


def test_a_token_signed_by_another_key_is_refused(client: FlaskClient, provider: Provider) -> None:
    provider.signs_with = jwk.RSAKey.generate_key(2048, {"kid": "one"})
    assert _sign_in(client, provider).status_code == 401
    provider.signs_with = jwk.RSAKey.generate_key(2048, {"kid": "unknown"})
    assert _sign_in(client, provider).status_code == 401


@pytest.mark.parametrize("algorithm", ["HS256", "none"])
def test_a_token_signed_by_what_everybody_knows_is_refused(
    client: FlaskClient, provider: Provider, algorithm: str
) -> None:
    """The public key as an HMAC's secret, or no signature at all: the oldest tricks of all."""
    public = provider.key.as_pem(private=False)

    def forged(claims: dict[str, Any]) -> str:
        parts = [_packed(json.dumps(part).encode()) for part in ({"alg": algorithm, "kid": "one"}, claims)]
        made = (
            hmac.new(public, ".".join(parts).encode(), hashlib.sha256).digest()
            if algorithm != "none"
            else b""
        )
        return ".".join([*parts, _packed(made)])

    provider.forges = forged
    assert _sign_in(client, provider).status_code == 401


def _packed(said: bytes) -> str:
    return base64.urlsafe_b64encode(said).rstrip(b"=").decode()


def test_a_new_key_is_asked_for_when_it_first_signs(
    client: FlaskClient, provider: Provider, time: clock.FixedClock
) -> None:
    _sign_in(client, provider)
    provider.key = jwk.RSAKey.generate_key(2048, {"use": "sig", "kid": "two"})
    time.move(minutes=1)
    assert _sign_in(client, provider).status_code == 303
    assert provider.asked.count("/keys") == 2


def test_a_code_without_the_verifier_is_worth_nothing(client: FlaskClient, provider: Provider) -> None:
    """Whoever catches a code on its way cannot use it: the provider holds us to PKCE, and so do we the provider."""
    asked = _set_out(client)
    back = _at_the_provider(provider, {**asked, "code_challenge": "another"})
    assert client.get(back).status_code == 401
    assert "error=invalid_request" in _at_the_provider(provider, {**asked, "code_challenge": ""})


@pytest.mark.parametrize(
    "said",
    [
        {"code_challenge_methods_supported": ["plain"]},
        {"issuer": "https://evil.example"},
        {"token_endpoint": "ftp://evil.example"},
        {"jwks_uri": ""},
    ],
    ids=str,
)
def test_a_provider_that_cannot_be_trusted_is_not_used(
    client: FlaskClient, provider: Provider, said: dict[str, Any]
) -> None:
    provider.discovery = said
    assert client.get("/sign-in/openid").status_code == 503


@pytest.mark.parametrize("change", [{"state": "another"}, {"state": None}, {"iss": "https://evil.example"}])
def test_an_answer_that_this_browser_did_not_ask_for_is_refused(
    client: FlaskClient, provider: Provider, change: dict[str, Any]
) -> None:
    query = dict(parse_qs(urlsplit(_at_the_provider(provider, _set_out(client))).query))
    assert client.get("/sign-in/openid/back", query_string={**query, **change}).status_code == 401


def test_another_browser_cannot_be_signed_in_with_somebodys_code(
    app: Flask, client: FlaskClient, provider: Provider
) -> None:
    back = _at_the_provider(provider, _set_out(client))
    victim = app.test_client()
    assert victim.get(back).status_code == 401
    _set_out(victim)
    assert victim.get(back).status_code == 401


def test_an_answer_is_good_once_and_not_for_long(
    client: FlaskClient, provider: Provider, time: clock.FixedClock
) -> None:
    back = _at_the_provider(provider, _set_out(client))
    kept = client.get_cookie("afterword_openid")
    assert kept is not None
    assert client.get(back).status_code == 303
    assert client.get_cookie("afterword_openid") is None
    client.set_cookie("afterword_openid", kept.value)
    assert client.get(back).status_code == 401
    late = _at_the_provider(provider, _set_out(client))
    time.move(minutes=11)
    assert client.get(late).status_code == 401


def test_a_sign_in_makes_a_session_of_its_own(client: FlaskClient, provider: Provider) -> None:
    client.set_cookie("afterword", "fixed-by-somebody")
    _sign_in(client, provider)
    kept = client.get_cookie("afterword")
    assert kept is not None
    assert kept.value != "fixed-by-somebody"


def test_next_leads_nowhere_else(client: FlaskClient, provider: Provider) -> None:
    assert _sign_in(client, provider, "https://evil.example").location == "/"


def test_a_host_header_changes_no_address(client: FlaskClient) -> None:
    answer = client.get("/sign-in/openid", headers={"Host": "evil.example"})
    assert "evil.example" not in answer.location


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
    assert _sign_in(client, provider).status_code == 401
    people.invite(session, workspace.workspace_id, "olga@example.com", "editor", None, "tests", time())
    session.commit()
    assert _sign_in(client, provider).status_code == 303
    assert [(each.role, each.scope) for each in _people(session)] == [("editor", None)]


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
    assert _sign_in(client, provider).status_code == 503  # the rules do not say of which they speak
    app.extensions["afterword_config"] = dataclasses.replace(config, oidc_workspace="Other")
    assert _sign_in(client, provider).status_code == 303
    (olga,) = _people(session)
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
    assert _sign_in(client, provider, "/journeys").location == "/sign-in/workspace"
    browser = Browser(client)
    into = {"workspace": str(north.workspace_id)}
    entered = browser.post("/sign-in/workspace", "/sign-in/workspace", **into)
    assert (entered.status_code, entered.location) == (303, "/journeys")
    found = {each.workspace_id: (each.role, each.scope) for each in _people(session)}
    assert found == {
        north.workspace_id: ("member", ["operations"]),
        workspace.workspace_id: ("editor", None),
    }
    back = f"/me/workspaces/{workspace.workspace_id}"
    assert browser.post(back).status_code == 303
    assert browser.get("/people").status_code == 403
    assert browser.get("/setup/owners").status_code == 200  # the editor's


def test_the_provider_may_be_away(client: FlaskClient, provider: Provider) -> None:
    back = _at_the_provider(provider, _set_out(client))
    client.application.extensions["afterword_openid"]._endpoints = None
    provider.discovery = {"issuer": "https://evil.example"}
    away = client.get(back)
    assert (away.status_code, "does not answer as it should" in away.text) == (503, True)


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
    _sign_in(client, provider)
    assert 'name="old"' not in client.get("/me").text


def test_where_no_provider_is_set_there_is_no_such_door(app: Flask, client: FlaskClient) -> None:
    app.extensions["afterword_openid"] = None
    assert client.get("/sign-in/openid").status_code == 404
