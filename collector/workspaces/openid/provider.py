"""The provider: where it stands (OpenID Connect Discovery) and the keys it signs with, asked for and remembered."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from collector import errors
from collector.config import Access, Config
from collector.outgoing import SendingFailed, egress

DISCOVERY = "/.well-known/openid-configuration"
REMEMBERED = timedelta(hours=1)
ASKED_AGAIN = timedelta(seconds=30)
"""So long an unknown key makes nobody ask for the keys again."""


@dataclass(frozen=True)
class Settings:
    """What the operator says of the provider."""

    issuer: str
    client_id: str
    client_secret: str
    claim: str
    access: tuple[Access, ...]
    inner_hosts: tuple[str, ...]


@dataclass(frozen=True)
class Endpoints:
    """What the provider says of itself."""

    authorize: str
    token: str
    keys: str
    userinfo: str | None
    takes_basic: bool


class Provider:
    """One process's memory of the provider."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._lock = threading.Lock()
        self._endpoints: tuple[Endpoints, datetime] | None = None
        self._keys: tuple[dict[str, Any], datetime] | None = None

    def endpoints(self, now: datetime) -> Endpoints:
        """Where to send whom; raises 503 while the provider cannot be asked."""
        known = self._endpoints
        if known is None or not known[1] <= now < known[1] + REMEMBERED:
            known = _endpoints(self.settings.issuer, self.ask("GET", _discovery(self.settings.issuer))), now
            with self._lock:
                self._endpoints = known
        return known[0]

    def keys(self, now: datetime, anew: bool = False) -> dict[str, Any]:
        """The provider's public keys; ``anew`` where one was not among them."""
        known = self._keys
        lasts = ASKED_AGAIN if anew else REMEMBERED
        if known is None or not known[1] <= now < known[1] + lasts:
            known = self.ask("GET", self.endpoints(now).keys), now
            with self._lock:
                self._keys = known
        return known[0]

    def ask(
        self, method: str, url: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> dict[str, Any]:
        """What the provider answers, as JSON; raises 503 where it does not, 401 where it refuses."""
        try:
            status, text = egress.fetch(
                method,
                url,
                body,
                {"Accept": "application/json", **(headers or {})},
                self.settings.inner_hosts,
            )
            said = json.loads(text)
        except (SendingFailed, ValueError) as error:
            raise _away(str(error) if isinstance(error, SendingFailed) else "its answer is no JSON") from None
        if 400 <= status < 500:
            raise errors.NotAuthenticated("The sign-in service refused.", "openid_refused")
        if status != 200 or not isinstance(said, dict):
            raise _away(f"it answers {status}")
        return said


def of(config: Config) -> Provider | None:
    """The provider that the settings name, or None."""
    if not config.oidc_issuer:
        return None
    host = urlsplit(config.oidc_issuer).hostname or ""
    return Provider(
        Settings(
            config.oidc_issuer, config.oidc_client_id, config.oidc_client_secret, config.oidc_claim,
            config.oidc_access, (host, *config.private_hosts),
        )
    )  # fmt: skip


def _discovery(issuer: str) -> str:
    return issuer.rstrip("/") + DISCOVERY


def _endpoints(issuer: str, said: dict[str, Any]) -> Endpoints:
    """Read the discovery document: it must be this issuer's own, and its addresses as safe as the issuer's."""
    if said.get("issuer") != issuer:
        raise _away("its discovery document names another issuer")
    methods = said.get("code_challenge_methods_supported", ["S256"])
    if "S256" not in methods:
        raise _away("it does not take PKCE with S256")
    scheme = urlsplit(issuer).scheme
    named = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    found = {name: str(said.get(name, "")) for name in (*named, "userinfo_endpoint")}
    if not all(_is_safe(found[name], scheme) for name in named):
        raise _away("its discovery document names no safe addresses")
    userinfo = found["userinfo_endpoint"]
    ways = said.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    return Endpoints(
        authorize=found["authorization_endpoint"],
        token=found["token_endpoint"],
        keys=found["jwks_uri"],
        userinfo=userinfo if _is_safe(userinfo, scheme) else None,
        takes_basic="client_secret_basic" in ways,
    )


def _is_safe(url: str, scheme: str) -> bool:
    parts = urlsplit(url)
    return bool(parts.hostname) and parts.scheme in {"https", scheme}


def _away(reason: str) -> errors.Unavailable:
    return errors.Unavailable(
        f"The sign-in service cannot be used: {reason}.", "openid_unavailable", retry_after=10
    )
