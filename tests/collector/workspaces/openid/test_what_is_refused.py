"""What a provider, a browser or somebody between them says wrong opens no account."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from joserfc import jwk
from openid_provider import CLIENT, Provider
from sqlalchemy.orm import Session

from collector import clock
from tests.collector.workspaces.openid.conftest import at_the_provider, people_of, set_out, sign_in


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
    refused = sign_in(client, provider)
    assert (refused.status_code, "Begin again" in refused.text) == (401, True)
    assert client.get("/me").status_code == 302
    assert people_of(session) == []


def test_a_token_signed_by_another_key_is_refused(client: FlaskClient, provider: Provider) -> None:
    provider.signs_with = jwk.RSAKey.generate_key(2048, {"kid": "one"})
    assert sign_in(client, provider).status_code == 401
    provider.signs_with = jwk.RSAKey.generate_key(2048, {"kid": "unknown"})
    assert sign_in(client, provider).status_code == 401


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
    assert sign_in(client, provider).status_code == 401


def _packed(said: bytes) -> str:
    return base64.urlsafe_b64encode(said).rstrip(b"=").decode()


def test_a_new_key_is_asked_for_when_it_first_signs(
    client: FlaskClient, provider: Provider, time: clock.FixedClock
) -> None:
    sign_in(client, provider)
    provider.key = jwk.RSAKey.generate_key(2048, {"use": "sig", "kid": "two"})
    time.move(minutes=1)
    assert sign_in(client, provider).status_code == 303
    assert provider.asked.count("/keys") == 2


def test_a_code_without_the_verifier_is_worth_nothing(client: FlaskClient, provider: Provider) -> None:
    """Whoever catches a code on its way cannot use it: the provider holds us to PKCE, and so do we the provider."""
    asked = set_out(client)
    back = at_the_provider(provider, {**asked, "code_challenge": "another"})
    assert client.get(back).status_code == 401
    assert "error=invalid_request" in at_the_provider(provider, {**asked, "code_challenge": ""})


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
    query = dict(parse_qs(urlsplit(at_the_provider(provider, set_out(client))).query))
    assert client.get("/sign-in/openid/back", query_string={**query, **change}).status_code == 401


def test_another_browser_cannot_be_signed_in_with_somebodys_code(
    app: Flask, client: FlaskClient, provider: Provider
) -> None:
    back = at_the_provider(provider, set_out(client))
    victim = app.test_client()
    assert victim.get(back).status_code == 401
    set_out(victim)
    assert victim.get(back).status_code == 401


def test_an_answer_is_good_once_and_not_for_long(
    client: FlaskClient, provider: Provider, time: clock.FixedClock
) -> None:
    back = at_the_provider(provider, set_out(client))
    kept = client.get_cookie("afterword_openid")
    assert kept is not None
    assert client.get(back).status_code == 303
    assert client.get_cookie("afterword_openid") is None
    client.set_cookie("afterword_openid", kept.value)
    assert client.get(back).status_code == 401
    late = at_the_provider(provider, set_out(client))
    time.move(minutes=11)
    assert client.get(late).status_code == 401


def test_a_sign_in_makes_a_session_of_its_own(client: FlaskClient, provider: Provider) -> None:
    client.set_cookie("afterword", "fixed-by-somebody")
    sign_in(client, provider)
    kept = client.get_cookie("afterword")
    assert kept is not None
    assert kept.value != "fixed-by-somebody"


def test_next_leads_nowhere_else(client: FlaskClient, provider: Provider) -> None:
    assert sign_in(client, provider, "https://evil.example").location == "/"


def test_a_host_header_changes_no_address(client: FlaskClient) -> None:
    answer = client.get("/sign-in/openid", headers={"Host": "evil.example"})
    assert "evil.example" not in answer.location


def test_the_provider_may_be_away(client: FlaskClient, provider: Provider) -> None:
    back = at_the_provider(provider, set_out(client))
    client.application.extensions["afterword_openid"]._endpoints = None
    provider.discovery = {"issuer": "https://evil.example"}
    away = client.get(back)
    assert (away.status_code, "does not answer as it should" in away.text) == (503, True)
