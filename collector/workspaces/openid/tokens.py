"""The code for a token, and the proof of the token: whose it is, for whom, of when, and by whose key."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from collector import errors
from collector.workspaces.openid.flow import Flow
from collector.workspaces.openid.provider import Provider

ALGORITHMS = (
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "Ed25519",
    "EdDSA",
)
"""Signatures of a public key alone: never ``none``, never one by a shared secret."""
LEEWAY = 60
"""Seconds by which two clocks may differ."""


def redeem(provider: Provider, flow: Flow, code: str, back: str, now: datetime) -> dict[str, Any]:
    """The claims behind a code, proved; raises 401 where they do not hold."""
    said = _token(provider, flow, code, back, now)
    claims = proved(provider, str(said.get("id_token", "")), flow.nonce, now)
    userinfo = provider.endpoints(now).userinfo
    if "email" in claims or userinfo is None or not isinstance(said.get("access_token"), str):
        return claims
    more = provider.ask("GET", userinfo, headers={"Authorization": f"Bearer {said['access_token']}"})
    if more.get("sub") != claims["sub"]:
        raise _refused("the user information is somebody else's")
    return {**more, **claims}


def proved(provider: Provider, id_token: str, nonce: str, now: datetime) -> dict[str, Any]:
    """The claims of a genuine ID token (OpenID Connect Core, 3.1.3.7); raises 401."""
    claims = _claims(provider, id_token, now)
    if fault := fault_of(claims, provider.settings.issuer, provider.settings.client_id, nonce, now):
        raise _refused(fault)
    return claims


def fault_of(claims: Mapping[str, Any], issuer: str, client_id: str, nonce: str, now: datetime) -> str | None:
    """What is wrong with the claims of a token whose signature holds; None where nothing is."""
    audience = claims.get("aud")
    several = [audience] if isinstance(audience, str) else audience if isinstance(audience, list) else []
    at, subject, given = now.timestamp(), claims.get("sub"), claims.get("nonce")
    if claims.get("iss") != issuer:
        return "the token is of another issuer"
    if client_id not in several:
        return "the token is for somebody else"
    if (len(several) > 1 or "azp" in claims) and claims.get("azp") != client_id:
        return "the token was given to somebody else"
    if not _is_number(claims.get("exp")) or claims["exp"] <= at - LEEWAY:
        return "the token is past its time"
    if not _is_number(claims.get("iat")) or claims["iat"] > at + LEEWAY:
        return "the token is of the future"
    if not isinstance(given, str) or not hmac.compare_digest(given.encode(), nonce.encode()):
        return "the token answers another sign-in"
    return None if isinstance(subject, str) and 0 < len(subject) <= 255 else "the token names nobody"


def _token(provider: Provider, flow: Flow, code: str, back: str, now: datetime) -> dict[str, Any]:
    settings, endpoints = provider.settings, provider.endpoints(now)
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": back,
        "code_verifier": flow.verifier,
    }
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    if settings.client_secret and endpoints.takes_basic:
        pair = f"{quote(settings.client_id, '')}:{quote(settings.client_secret, '')}"
        headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
    else:
        form["client_id"] = settings.client_id
        if settings.client_secret:
            form["client_secret"] = settings.client_secret
    return provider.ask("POST", endpoints.token, urlencode(form).encode(), headers)


def _claims(provider: Provider, id_token: str, now: datetime) -> dict[str, Any]:
    """The claims under a signature that holds; an unknown key may be a new one, so the keys are asked for once more."""
    from joserfc.errors import InvalidKeyIdError

    try:
        return _decoded(id_token, provider.keys(now))
    except InvalidKeyIdError:
        pass
    try:
        return _decoded(id_token, provider.keys(now, anew=True))
    except InvalidKeyIdError:
        raise _refused("the token is signed by a key that is not the provider's") from None


def _decoded(id_token: str, keys: dict[str, Any]) -> dict[str, Any]:
    from joserfc import jwk, jwt
    from joserfc.errors import InvalidKeyIdError, JoseError

    try:
        known = [key for key in keys.get("keys", []) if key.get("use", "sig") == "sig"]
        found = jwk.KeySet.import_key_set({"keys": known})
        return dict(jwt.decode(id_token, found, algorithms=list(ALGORITHMS)).claims)
    except InvalidKeyIdError:
        raise
    except (JoseError, ValueError, TypeError, AttributeError, KeyError):
        raise _refused("the token's signature does not hold") from None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _refused(reason: str) -> errors.NotAuthenticated:
    return errors.NotAuthenticated(
        f"The sign-in service's answer does not hold: {reason}.", "openid_bad_token"
    )
