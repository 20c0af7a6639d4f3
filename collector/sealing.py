"""What must lie unreadable in the database and in every backup: sealed by a key that stands in neither.

The key is derived from ``AFTERWORD_SECRET_KEY`` for one workspace and one purpose. What is sealed is bound to its row, so
that nobody can move it to another one. Secrets rotate as for sessions: the first seals, all unseal; ``key_name`` tells by
which one something was sealed, so that a job can seal it anew before the old one is left out.
"""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE = 12


class CannotUnseal(ValueError):
    """Sealed by a secret that is not known any more, or altered."""


@dataclass(frozen=True)
class Seal:
    """What seals for one purpose of one workspace; the newest secret first."""

    keys: tuple[bytes, ...]

    @property
    def key_name(self) -> str:
        """By what ``closed`` seals: tells one key from another, and nothing about it."""
        return hashlib.sha256(b"afterword/key-name/v1" + self.keys[0]).hexdigest()[:12]

    def closed(self, plain: bytes, bound_to: bytes) -> bytes:
        """Sealed, readable only together with what it is bound to."""
        nonce = secrets.token_bytes(NONCE)
        return nonce + AESGCM(self.keys[0]).encrypt(nonce, plain, bound_to)

    def opened(self, sealed: bytes, bound_to: bytes) -> bytes:
        """What was sealed; raises ``CannotUnseal``."""
        for key in self.keys:
            try:
                return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], bound_to)
            except InvalidTag:
                continue
        raise CannotUnseal("sealed by a secret that is not known here")


def seal(secret_keys: Sequence[str], purpose: str, workspace_id: uuid.UUID) -> Seal:
    """The seal of a workspace for a purpose."""
    return Seal(tuple(_derived(each, purpose, workspace_id) for each in secret_keys))


def _derived(secret: str, purpose: str, workspace_id: uuid.UUID) -> bytes:
    info = f"afterword/seal/v1/{purpose}/{workspace_id}".encode()
    return HKDF(SHA256(), length=32, salt=None, info=info).derive(secret.encode())
