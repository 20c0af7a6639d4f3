"""Everything that is signed: one pair of functions per purpose, each with its own salt and lifetime.

The forms stand in ``docs/reference/wire.md``; ``tests/wire/tokens.json`` holds golden values. A signed token is
``<kid>.<payload>.<timestamp>.<signature>``; the kid says which key's secret must verify it, so keys rotate freely.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from itsdangerous import BadData, URLSafeSerializer
from itsdangerous.encoding import base64_encode, int_to_bytes

from collector import signers

INVITATION_SALT = "afterword.invitation.v1"
CUSTOMER_SALT = "afterword.customer.v1"
STOP_SALT = "afterword.stop.v1"
JOIN_SALT = "afterword.join.v1"
LEAVE_SALT = "afterword.leave.v1"
FORM_SALT = "afterword.form.v1"
SHARE_SALT = "afterword.share.v1"
CURSOR_SALT = "afterword.cursor.v1"
FLOW_SALT = "afterword.flow.v1"

SecretLookup = Callable[[str], str | None]
"""kid -> signing secret, or None where the kid is unknown or revoked."""


class BadToken(ValueError):
    """Forged, truncated, of an unknown key, or not of the expected shape."""


class ExpiredToken(BadToken):
    """Genuine, but past its expiry."""


@dataclass(frozen=True)
class Invitation:
    """What an invitation token says; field meanings in ``docs/reference/wire.md``."""

    invitation_id: uuid.UUID
    trigger_id: uuid.UUID
    touchpoint: str
    expires_at: datetime
    journey: str | None = None
    customer: str | None = None
    transaction: str | None = None
    journey_instance: str | None = None
    locale: str | None = None
    channel: str | None = None
    persona: str | None = None
    not_before: datetime | None = None
    target: str | None = None
    source: str | None = None
    run: str | None = None
    variant: str | None = None
    signed_at: datetime | None = None


@dataclass(frozen=True)
class Stop:
    """What the way out of a message says: the way, the address (its keyed hash), the customer where one is known."""

    way: str
    address_hash: str
    customer: str | None = None


def signing_secret(api_key: str) -> str:
    """The secret that a server key signs with; both sides derive it, only the SDK holds the key."""
    return hmac.new(api_key.encode(), b"afterword/signing/v1", hashlib.sha256).hexdigest()


def pseudonym(pseudonym_key: bytes, customer: str) -> str:
    """The keyed hash under which a customer is known here (``cu_`` and 24 characters)."""
    digest = hmac.new(pseudonym_key, b"customer\0" + customer.encode(), hashlib.sha256).digest()
    return "cu_" + base64.urlsafe_b64encode(digest[:18]).decode()


def invitation_id(pseudonym_key: bytes, touchpoint: str, journey: str | None, transaction: str) -> uuid.UUID:
    """The id that the same transaction at the same place always gets (a UUID version 8, RFC 9562)."""
    message = b"\0".join([b"invitation", touchpoint.encode(), (journey or "").encode(), transaction.encode()])
    return _version_8(hmac.new(pseudonym_key, message, hashlib.sha256).digest())


def named_id(*parts: bytes) -> uuid.UUID:
    """The id that the same parts always get, whoever asks (a UUID version 8, RFC 9562)."""
    return _version_8(hashlib.sha256(b"\0".join(parts)).digest())


def _version_8(digest: bytes) -> uuid.UUID:
    raw = bytearray(digest[:16])
    raw[6], raw[8] = raw[6] & 0x0F | 0x80, raw[8] & 0x3F | 0x80
    return uuid.UUID(bytes=bytes(raw))


def sign_invitation(kid: str, secret: str, invitation: Invitation, now: datetime) -> str:
    """The token of an invitation, signed at ``now``."""
    given = {
        "i": _compact(invitation.invitation_id),
        "r": None if invitation.trigger_id == invitation.invitation_id else _compact(invitation.trigger_id),
        "p": invitation.touchpoint,
        "j": invitation.journey,
        "c": invitation.customer,
        "x": invitation.transaction,
        "y": invitation.journey_instance,
        "l": invitation.locale,
        "h": invitation.channel,
        "s": invitation.persona,
        "n": int(invitation.not_before.timestamp()) if invitation.not_before else None,
        "t": invitation.target,
        "k": invitation.source,
        "u": invitation.run,
        "v": invitation.variant,
        "e": int(invitation.expires_at.timestamp()),
    }
    payload = {key: value for key, value in given.items() if value is not None}
    return f"{kid}.{dumps(secret, INVITATION_SALT, payload, now)}"


def read_invitation(token: str, secret_of: SecretLookup, now: datetime) -> tuple[str, Invitation]:
    """(kid, invitation) of a genuine token; raises ``BadToken`` or ``ExpiredToken``."""
    kid, invitation = read_any_invitation(token, secret_of)
    if invitation.expires_at <= now:
        raise ExpiredToken("expired")
    return kid, invitation


def read_any_invitation(token: str, secret_of: SecretLookup) -> tuple[str, Invitation]:
    """(kid, invitation) of a genuine token, expired or not; raises ``BadToken``."""
    kid, secret, signed = _parts(token, secret_of)
    return kid, _read_link(secret, signed)


@lru_cache(maxsize=4096)
def _read_link(secret: str, signed: str) -> Invitation:
    """What a link says, remembered: a browser sends one and the same to fetch, to show and to answer."""
    payload, signed_at = _opened(secret, INVITATION_SALT, signed)
    try:
        return replace(_invitation(payload), signed_at=signed_at)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, OSError):
        raise BadToken("not an invitation") from None


def sign_customer(kid: str, secret: str, customer: str, expires_at: datetime, now: datetime) -> str:
    """A token with which the customer's page may ask whether anything is pending."""
    payload = {"c": customer, "e": int(expires_at.timestamp())}
    return f"{kid}.{dumps(secret, CUSTOMER_SALT, payload, now)}"


def read_customer(token: str, secret_of: SecretLookup, now: datetime) -> tuple[str, str]:
    """(kid, pseudonym) of a genuine customer token; raises ``BadToken`` or ``ExpiredToken``."""
    kid, payload, _ = read(token, CUSTOMER_SALT, secret_of)
    customer, expiry = payload.get("c"), payload.get("e")
    if not isinstance(customer, str) or not isinstance(expiry, int):
        raise BadToken("not a customer token")
    if expiry <= now.timestamp():
        raise ExpiredToken("expired")
    return kid, customer


def sign_stop(kid: str, secret: str, link: Stop, now: datetime) -> str:
    """The token behind a message's unsubscribe link; it never expires, because an objection must always be possible."""
    payload = {"w": link.way, "a": link.address_hash, "c": link.customer}
    given = {key: value for key, value in payload.items() if value is not None}
    return f"{kid}.{dumps(secret, STOP_SALT, given, now)}"


def read_stop(token: str, secret_of: SecretLookup) -> tuple[str, Stop]:
    """(kid, link) of a message's genuine unsubscribe link; raises ``BadToken``."""
    kid, payload, _ = read(token, STOP_SALT, secret_of)
    way, address_hash, customer = payload.get("w"), payload.get("a"), payload.get("c")
    if not isinstance(way, str) or not isinstance(address_hash, str) or not isinstance(customer, str | None):
        raise BadToken("not an unsubscribe link")
    return kid, Stop(way, address_hash, customer)


def sign_form(secrets: Sequence[str], session: str) -> str:
    """The CSRF token of a signed-in session's forms."""
    return _plain(secrets, FORM_SALT).dumps(session)


def form_is_genuine(secrets: Sequence[str], token: str, session: str) -> bool:
    """Whether a form token was made for this session."""
    try:
        return bool(_plain(secrets, FORM_SALT).loads(token) == session)
    except BadData:
        return False


def sign_cursor(secrets: Sequence[str], position: list[Any]) -> str:
    """A paging cursor that clients cannot forge or need to understand."""
    return _plain(secrets, CURSOR_SALT).dumps(position)


def read_cursor(secrets: Sequence[str], cursor: str) -> list[Any]:
    """The position behind a cursor; raises ``BadToken``."""
    try:
        return list(_plain(secrets, CURSOR_SALT).loads(cursor))
    except (BadData, TypeError):
        raise BadToken("not a cursor of this collector") from None


def sign_flow(secrets: Sequence[str], said: dict[str, Any], expires_at: datetime) -> str:
    """What a browser keeps while somebody is away at a sign-in service."""
    return _plain(secrets, FLOW_SALT).dumps({**said, "e": int(expires_at.timestamp())})


def read_flow(secrets: Sequence[str], token: str, now: datetime) -> dict[str, Any]:
    """What was kept; raises ``BadToken`` or ``ExpiredToken``."""
    try:
        said = dict(_plain(secrets, FLOW_SALT).loads(token))
        expired = int(said["e"]) <= now.timestamp()
    except (BadData, TypeError, ValueError, KeyError):
        raise BadToken("not kept by this collector") from None
    if expired:
        raise ExpiredToken("expired")
    return said


def _plain(secrets: Sequence[str], salt: str) -> URLSafeSerializer:
    return URLSafeSerializer(list(reversed(secrets)), salt=salt, signer_kwargs=signers.SIGNER)


def dumps(secret: str, salt: str, payload: dict[str, Any], now: datetime) -> str:
    """What ``URLSafeTimedSerializer.dumps`` makes, at a time that is given."""
    made = signers.serializer(secret, salt)
    value = made.dump_payload(payload) + b"." + _stamp(int(now.timestamp()))
    return (value + b"." + made.signer_itself.get_signature(value)).decode("ascii")


@lru_cache(maxsize=16)
def _stamp(seconds: int) -> bytes:
    return base64_encode(int_to_bytes(seconds))


def read(token: str, salt: str, secret_of: SecretLookup) -> tuple[str, dict[str, Any], datetime]:
    """(kid, payload, signed at) of a genuine token of this purpose; raises ``BadToken``."""
    kid, secret, signed = _parts(token, secret_of)
    return kid, *_opened(secret, salt, signed)


def _parts(token: str, secret_of: SecretLookup) -> tuple[str, str, str]:
    """(kid, the key's secret, what it has signed) of a token, which may be forged; raises ``BadToken`` for an unknown key."""
    kid, _, signed = token.partition(".")
    secret = secret_of(kid) if signed else None
    if secret is None:
        raise BadToken("unknown key")
    return kid, secret, signed


def _opened(secret: str, salt: str, signed: str) -> tuple[dict[str, Any], datetime]:
    """(payload, signed at) of what this secret has signed for this purpose; raises ``BadToken``."""
    try:
        payload, signed_at = signers.serializer(secret, salt).loads(signed, return_timestamp=True)
    except (BadData, ValueError, RecursionError):
        raise BadToken("the signature does not fit") from None
    if not isinstance(payload, dict):
        raise BadToken("not a payload")
    return payload, signed_at


def _invitation(payload: dict[str, Any]) -> Invitation:
    names = {"j": "journey", "c": "customer", "x": "transaction", "y": "journey_instance", "l": "locale", "h": "channel", "s": "persona", "k": "source", "t": "target", "u": "run", "v": "variant"}  # fmt: skip
    texts = {name: payload[key] for key, name in names.items() if payload.get(key) is not None}
    if not all(isinstance(value, str) for value in [*texts.values(), payload["p"]]):
        raise TypeError
    return Invitation(
        invitation_id=_uuid(payload["i"]),
        trigger_id=_uuid(payload.get("r") or payload["i"]),
        touchpoint=payload["p"],
        expires_at=datetime.fromtimestamp(payload["e"], UTC),
        not_before=datetime.fromtimestamp(payload["n"], UTC) if payload.get("n") else None,
        **texts,
    )


def _compact(name: uuid.UUID) -> str:
    """The 22 characters of base64url that stand for a UUID in a link."""
    return base64.urlsafe_b64encode(name.bytes).decode("ascii").rstrip("=")


def _uuid(text: str) -> uuid.UUID:
    return uuid.UUID(bytes=base64.urlsafe_b64decode(f"{text}=="))
