"""Names that the SDK makes: pseudonyms, invitation ids, trigger ids (docs/reference/wire.md)."""

from __future__ import annotations

import os
from binascii import a2b_hex, b2a_base64

from .keyed_hash import KeyedHash

_URL_SAFE = bytes.maketrans(b"+/", b"-_")


class Names:
    """Makes the names that depend on a workspace's pseudonym key."""

    def __init__(self, pseudonym_key: bytes) -> None:
        self._hash = KeyedHash(pseudonym_key)

    def pseudonym(self, customer: str) -> str:
        """Return the 27 characters that stand for a customer; the customer's own id stays in this process."""
        digest = self._hash.digest(b"customer\0" + customer.encode())
        return "cu_" + b2a_base64(digest[:18], newline=False).translate(_URL_SAFE).decode("ascii")

    def invitation_id(self, touchpoint: str, journey: str | None, transaction: str) -> str:
        """Return the UUID (version 8) that is the same each time the same transaction triggers."""
        message = f"invitation\0{touchpoint}\0{journey or ''}\0{transaction}".encode()
        return _uuid(self._hash.digest(message).hex(), "8")


def new_trigger_id(now: float) -> str:
    """Return a UUID (version 7): unique everywhere, ordered by time (Unix seconds) to the millisecond."""
    milliseconds = max(int(now * 1_000), 0) & 0xFFFF_FFFF_FFFF
    return _uuid(f"{milliseconds:012x}{os.urandom(10).hex()}", "7")


def compact(uuid: str) -> str:
    """Return the 22 characters that stand for a UUID in a link: base64url of its 16 bytes."""
    return b2a_base64(a2b_hex(uuid.replace("-", "")), newline=False)[:22].translate(_URL_SAFE).decode("ascii")


def _uuid(digits: str, version: str) -> str:
    """Return the first 128 bits of hexadecimal digits as a UUID, with the bits that its version demands."""
    variant = "89ab"[int(digits[16], 16) & 3]
    return f"{digits[:8]}-{digits[8:12]}-{version}{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:32]}"
