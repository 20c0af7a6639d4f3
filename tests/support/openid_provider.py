"""A small OpenID Connect provider on loopback: discovery, authorize, token, keys and user information, by real RS256.

It holds its clients to PKCE. A test may let it lie (``lies``), and says who is at its keyboard (``who``).
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwk, jwt

KEY = jwk.RSAKey.generate_key(2048, {"use": "sig", "kid": "one"})
CLIENT, SECRET = "afterword", "a secret: with/signs"
OLGA = {
    "sub": "olga-1",
    "email": "Olga@example.com",
    "email_verified": True,
    "name": "Olga",
    "groups": ["ops"],
}


@dataclass
class Provider:
    """The provider's state; ``lies`` are claims put in last, ``now`` is its clock."""

    issuer: str
    now: Any = time.time
    who: dict[str, Any] = field(default_factory=lambda: dict(OLGA))
    lies: dict[str, Any] = field(default_factory=dict)
    discovery: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] | None = None
    signs_with: Any = None
    forges: Any = None
    asked: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    key: Any = None

    def says(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            **self.discovery,
        }

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser is sent back to; as if somebody had signed in here."""
        if asked.get("code_challenge_method") != "S256" or not asked.get("code_challenge"):
            said = {"error": "invalid_request"}
        else:
            said = {"code": secrets.token_urlsafe(16), "iss": self.issuer}
            self.codes[said["code"]] = asked
        return f"{asked['redirect_uri']}?{urlencode({**said, 'state': asked['state']})}"

    def token(self, form: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """The answer to a code, which is good once; None for a client that cannot prove itself."""
        pair = base64.b64encode(b"afterword:a%20secret%3A%20with%2Fsigns").decode()
        asked = self.codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if authorization != f"Basic {pair}" or asked is None or asked["code_challenge"] != challenge:
            return None
        if form["redirect_uri"] != asked["redirect_uri"]:
            return None
        return {"access_token": "access", "token_type": "Bearer", "id_token": self.signed(asked["nonce"])}

    def signed(self, nonce: str) -> str:
        at = int(self.now())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": at,
            "exp": at + 300,
            "nonce": nonce,
            **self.who,
            **self.lies,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        key = self.signs_with or self.key
        if self.forges:
            return str(self.forges(claims))
        return jwt.encode({"alg": "RS256", "kid": key.kid}, claims, key)

    def forget(self, now: Any) -> Provider:
        """As new, for the next test, with its clock and the key that was dear to make."""
        fresh = Provider(self.issuer, now, key=KEY)
        self.__dict__.update(fresh.__dict__)
        return self


@contextmanager
def running(now: Any = time.time) -> Iterator[Provider]:
    """A provider that answers on a port of its own."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    provider = Provider(f"http://127.0.0.1:{server.server_port}", now, key=KEY)
    server.provider = provider  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        provider: Provider = self.server.provider  # type: ignore[attr-defined]
        parts = urlsplit(self.path)
        provider.asked.append(parts.path)
        if parts.path == "/authorize":
            asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
            self.send_response(302)
            self.send_header("Location", provider.authorize(asked))
            self.end_headers()
        elif parts.path == "/keys":
            self._answer({"keys": [provider.key.as_dict(private=False)]})
        elif parts.path == "/userinfo":
            self._answer(provider.userinfo)
        else:
            self._answer(provider.says() if parts.path.endswith("openid-configuration") else None)

    def do_POST(self) -> None:
        provider: Provider = self.server.provider  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        self._answer(provider.token(form, self.headers.get("Authorization", "")))

    def _answer(self, said: Any) -> None:
        body = json.dumps(said or {"error": "invalid_grant"}).encode()
        self.send_response(200 if said else 400)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_said: object) -> None:
        """Be quiet."""
