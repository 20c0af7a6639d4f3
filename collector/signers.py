"""What signs a token: itsdangerous' own, made once for each key and purpose, and sparing with memory."""

from __future__ import annotations

import hashlib
import json
import zlib
from functools import cached_property, lru_cache
from typing import Any, cast

from itsdangerous import TimestampSigner, URLSafeTimedSerializer
from itsdangerous.encoding import base64_encode

SIGNER: dict[str, Any] = {"key_derivation": "hmac", "digest_method": hashlib.sha256}


_as_text = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""As itsdangerous writes it, with one encoder for all."""


class Signer(TimestampSigner):
    """Derives the key of its one secret once: that costs as much as a signature does."""

    @cached_property
    def _derived(self) -> bytes:
        return super().derive_key()

    def derive_key(self, secret_key: str | bytes | None = None) -> bytes:
        return self._derived


class TimedSerializer(URLSafeTimedSerializer):
    """One secret, one salt, and so one signer."""

    default_signer = Signer

    @cached_property
    def signer_itself(self) -> TimestampSigner:
        return cast("TimestampSigner", super().make_signer())

    def make_signer(self, salt: str | bytes | None = None) -> TimestampSigner:
        return self.signer_itself

    def dump_payload(self, obj: Any) -> bytes:
        """Compressed where that is shorter, as itsdangerous does; by a window fit for a few hundred bytes.

        To make room for one of 32 kB, as is usual, costs as much as everything else about a link.
        """
        plain = _as_text(obj).encode()
        packer = zlib.compressobj(wbits=10, memLevel=2)
        packed = packer.compress(plain) + packer.flush()
        return b"." + base64_encode(packed) if len(packed) < len(plain) - 1 else base64_encode(plain)


@lru_cache(maxsize=1024)
def serializer(secret: str, salt: str) -> TimedSerializer:
    """Made once for each key and purpose: that costs more than a signature does."""
    return TimedSerializer(secret, salt=salt, signer_kwargs=SIGNER)
