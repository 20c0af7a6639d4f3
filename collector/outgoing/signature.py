"""Standard Webhooks: how what we send is signed, so that whoever receives it knows that it is ours and new.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime

from collector import clock

PREFIX = "whsec_"


def new_secret() -> str:
    """A secret to sign with: ``whsec_`` and 32 random bytes in base64."""
    return PREFIX + base64.b64encode(clock.new_secret(32)).decode()


def headers(identifier: str, body: bytes, secrets: Sequence[str], now: datetime) -> dict[str, str]:
    """The headers of one attempt: the id is the same at each, the time is not; one signature for each secret."""
    stamp = str(int(now.timestamp()))
    signed = f"{identifier}.{stamp}.".encode() + body
    return {
        "Content-Type": "application/json",
        "User-Agent": "Afterword",
        "webhook-id": identifier,
        "webhook-timestamp": stamp,
        "webhook-signature": " ".join(_signature(signed, secret) for secret in secrets),
    }


def _signature(signed: bytes, secret: str) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return f"v1,{base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()}"
