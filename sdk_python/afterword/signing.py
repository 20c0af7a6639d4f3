"""Signed tokens: one salt per purpose, the key id in front (docs/reference/wire.md)."""

from __future__ import annotations

import hashlib
import time
from typing import Any, Callable

from itsdangerous import TimestampSigner, URLSafeTimedSerializer

from .keys import ServerKey

Clock = Callable[[], float]

INVITATION_SALT = "afterword.invitation.v1"
CUSTOMER_SALT = "afterword.customer.v1"


class _ClockedSigner(TimestampSigner):
    """itsdangerous' timestamp signer with the clock handed in, so that tests can say what time it is."""

    def __init__(self, *args: Any, clock: Clock = time.time, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._clock = clock

    def get_timestamp(self) -> int:
        return int(self._clock())


class Signer:
    """Signs invitations and customer tokens with one server key; safe to share between threads."""

    def __init__(self, key: ServerKey, clock: Clock = time.time) -> None:
        self._prefix = key.kid + "."
        self._invitations = _serializer(key, INVITATION_SALT, clock)
        self._customers = _serializer(key, CUSTOMER_SALT, clock)

    def invitation(self, payload: dict[str, Any]) -> str:
        """Return the token of an invitation; `payload` has the one-letter keys of the wire."""
        return self._prefix + _text(self._invitations.dumps(payload))

    def customer(self, pseudonym: str, expires: int) -> str:
        """Return the token with which a page asks what is pending for one customer, good until `expires`."""
        return self._prefix + _text(self._customers.dumps({"c": pseudonym, "e": expires}))


def _serializer(key: ServerKey, salt: str, clock: Clock) -> URLSafeTimedSerializer:
    options = {"key_derivation": "hmac", "digest_method": hashlib.sha256, "clock": clock}
    return URLSafeTimedSerializer(key.signing_secret, salt, signer=_ClockedSigner, signer_kwargs=options)


def _text(token: str | bytes) -> str:
    return token if isinstance(token, str) else token.decode("ascii")
