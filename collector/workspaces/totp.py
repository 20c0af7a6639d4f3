"""Time-based one-time passwords (RFC 6238, with RFC 4226's truncation): six digits, SHA-1, steps of thirty seconds.

Pure. These are the values that every authenticator app takes; the secret is as long as SHA-1's own blocks want it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime
from urllib.parse import quote, urlencode

STEP, DIGITS, SECRET_BYTES = 30, 6, 20
NEIGHBOURS = (0, -1, 1)
"""A clock may be one step off, either way."""


def code(secret: bytes, step: int, digits: int = DIGITS) -> str:
    """The code of a step (RFC 4226, 5.3)."""
    digest = hmac.new(secret, step.to_bytes(8), hashlib.sha1).digest()
    place = digest[-1] & 0x0F
    number = int.from_bytes(digest[place : place + 4]) & 0x7FFFFFFF
    return f"{number % 10**digits:0{digits}}"


def step_of(secret: bytes, typed: str, now: datetime, after: int) -> int | None:
    """The step whose code was typed; None where it is none of now, or not later than ``after``, the last one used."""
    present = int(now.timestamp()) // STEP
    for step in (present + near for near in NEIGHBOURS):
        if step > after and hmac.compare_digest(code(secret, step).encode(), typed.encode()):
            return step
    return None


def readable(secret: bytes) -> str:
    """The secret as an app takes it by hand, in groups of four."""
    text = base64.b32encode(secret).decode().rstrip("=")
    return " ".join(text[place : place + 4] for place in range(0, len(text), 4))


def address(secret: bytes, company: str, email: str) -> str:
    """What stands in the QR code."""
    text = base64.b32encode(secret).decode().rstrip("=")
    said = urlencode({"secret": text, "issuer": company}, quote_via=quote)
    return f"otpauth://totp/{quote(company)}:{quote(email)}?{said}"
