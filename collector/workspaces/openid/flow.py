"""The way to the provider and back: the state that this browser keeps, and what the provider's answer is worth."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from collector import errors, signing
from collector.workspaces.openid.provider import Endpoints, Settings

LIVES = timedelta(minutes=10)
ASKED = "openid email profile"


@dataclass(frozen=True)
class Flow:
    """One try: what only this browser knows (RFC 7636's verifier among it), and where it wanted to go."""

    state: str
    nonce: str
    verifier: str
    next: str


def begin(next_url: str) -> Flow:
    return Flow(secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48), next_url)


def kept(flow: Flow, secret_key: tuple[str, ...], now: datetime) -> str:
    """The flow as the browser keeps it."""
    return signing.sign_flow(secret_key, asdict(flow), now + LIVES)


def address(flow: Flow, settings: Settings, endpoints: Endpoints, back: str) -> str:
    """Where to send the browser."""
    asked = {
        "response_type": "code",
        "client_id": settings.client_id,
        "redirect_uri": back,
        "scope": ASKED,
        "state": flow.state,
        "nonce": flow.nonce,
        "code_challenge": challenge(flow.verifier),
        "code_challenge_method": "S256",
    }
    return f"{endpoints.authorize}{'&' if '?' in endpoints.authorize else '?'}{urlencode(asked)}"


def challenge(verifier: str) -> str:
    """RFC 7636, S256."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def returned(
    cookie: str, args: Mapping[str, str], secret_key: tuple[str, ...], issuer: str, now: datetime
) -> tuple[Flow, str]:
    """(flow, code) of a browser that comes back; raises 401 where it did not set out from here."""
    try:
        said = signing.read_flow(secret_key, cookie, now)
        flow = Flow(**{name: str(said[name]) for name in ("state", "nonce", "verifier", "next")})
    except (signing.BadToken, KeyError):
        raise _begin_again() from None
    if not hmac.compare_digest(args.get("state", "").encode(), flow.state.encode()):
        raise _begin_again()
    if args.get("iss", issuer) != issuer:  # RFC 9207: an answer of some other provider
        raise _begin_again()
    if "error" in args or not args.get("code"):
        raise errors.NotAuthenticated("The sign-in service refused.", "openid_refused")
    return flow, args["code"]


def _begin_again() -> errors.NotAuthenticated:
    return errors.NotAuthenticated("This sign-in is over. Begin again.", "openid_over")
