"""The server key: what it says, and the secrets made from it."""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from typing import NamedTuple

from .errors import ConfigurationError, InvalidType

_FORM = re.compile(r"aw_(?P<role>[a-z]k)_(?P<test>test_)?(?P<kid>[a-z2-7]{10})_(?P<body>[A-Za-z0-9_-]+)")
_PSEUDONYM_KEY_BYTES = 16
_BODY_BYTES = 48


class ServerKey(NamedTuple):
    """A parsed `aw_sk_` key; `repr` hides the secrets, so that it may stand in a log."""

    text: str
    kid: str
    pseudonym_key: bytes
    signing_secret: str
    is_test: bool = False

    def __repr__(self) -> str:
        return f"ServerKey(kid={self.kid!r})"


def parse_server_key(text: str) -> ServerKey:
    """Return the parts of a server key; ConfigurationError `bad_api_key` if it is none."""
    if not isinstance(text, str):
        raise InvalidType("api_key must be a string", code="bad_api_key")
    form = _FORM.fullmatch(text)
    if form is None:
        raise ConfigurationError("api_key must look like aw_sk_<id>_<secret>", code="bad_api_key")
    if form["role"] != "sk":
        raise ConfigurationError(
            "api_key must be a server key (aw_sk_...), not another kind", code="bad_api_key"
        )
    body = _decode(form["body"])
    secret = hmac.new(text.encode("ascii"), b"afterword/signing/v1", "sha256").hexdigest()
    return ServerKey(text, form["kid"], body[:_PSEUDONYM_KEY_BYTES], secret, form["test"] is not None)


def _decode(body: str) -> bytes:
    try:
        raw = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != _BODY_BYTES:
        raise ConfigurationError("api_key is incomplete: copy it whole", code="bad_api_key")
    return raw
