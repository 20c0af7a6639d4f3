"""Names that the SDK makes: pseudonyms, invitation ids, trigger ids (docs/reference/wire.md)."""

from __future__ import annotations

import base64
import hmac
import os

_VERSION_8 = 0x8
_VERSION_7 = 0x7


def pseudonym(key: bytes, customer: str) -> str:
    """Return the 27 characters that stand for a customer; the customer's own id stays in this process."""
    digest = hmac.digest(key, b"customer\0" + customer.encode(), "sha256")
    return "cu_" + base64.urlsafe_b64encode(digest[:18]).decode("ascii")


def invitation_id(key: bytes, touchpoint: str, journey: str | None, transaction: str) -> str:
    """Return the UUID (version 8) that is the same each time the same transaction triggers."""
    message = "\0".join(("invitation", touchpoint, journey or "", transaction)).encode()
    return _uuid(bytearray(hmac.digest(key, message, "sha256")[:16]), _VERSION_8)


def new_trigger_id(now: float) -> str:
    """Return a UUID (version 7): unique everywhere, ordered by time (Unix seconds) to the millisecond."""
    milliseconds = max(int(now * 1_000), 0) & 0xFFFF_FFFF_FFFF
    return _uuid(bytearray(milliseconds.to_bytes(6, "big") + os.urandom(10)), _VERSION_7)


def _uuid(octets: bytearray, version: int) -> str:
    octets[6] = octets[6] & 0x0F | version << 4
    octets[8] = octets[8] & 0x3F | 0x80
    text = octets.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
