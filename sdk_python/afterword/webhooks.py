"""Verify what a collector's webhook sends: that it is genuine, whole and new, before anything believes it."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .errors import ConfigurationError, InvalidWebhook

TOLERANCE = 300.0
"""Seconds that a message's time may lie off the receiver's clock, either way."""
_PREFIX = "whsec_"


@dataclass(frozen=True)
class WebhookEvent:
    """A verified message. ``id`` is the same at each attempt: what was taken under it once is taken for good."""

    id: str
    type: str
    timestamp: datetime
    data: dict[str, Any]


def verify_webhook(
    payload: bytes | str,
    headers: Mapping[str, str],
    secret: str,
    *,
    tolerance: float = TOLERANCE,
    now: float | None = None,
) -> WebhookEvent:
    """The event of a request: its raw body, its headers (in any case) and the webhook's secret (``whsec_...``).

    Raises `InvalidWebhook` for what is not genuine, was altered, or is older or newer than ``tolerance`` seconds;
    `ConfigurationError` for a secret that is none. ``now`` is the time to go by, in seconds since 1970, for tests.
    """
    body = payload.encode() if isinstance(payload, str) else payload
    given = {str(name).lower(): str(value) for name, value in headers.items()}
    identifier = given.get("webhook-id", "")
    stamp = given.get("webhook-timestamp", "")
    if not identifier or not stamp:
        raise InvalidWebhook("not signed: webhook-id or webhook-timestamp is missing", code="invalid_webhook")
    _check_time(stamp, tolerance, time.time() if now is None else now)
    wanted = hmac.new(_key(secret), f"{identifier}.{stamp}.".encode() + body, hashlib.sha256).digest()
    if not any(hmac.compare_digest(wanted, each) for each in _signatures(given.get("webhook-signature", ""))):
        raise InvalidWebhook(
            "the signature does not fit: another secret, or the body was altered", code="invalid_webhook"
        )
    return _event(identifier, body)


def _check_time(stamp: str, tolerance: float, now: float) -> None:
    if not stamp.isascii() or not stamp.isdigit() or len(stamp) > 15:
        raise InvalidWebhook("webhook-timestamp is no number", code="invalid_webhook")
    if abs(now - int(stamp)) > tolerance:
        raise InvalidWebhook(
            "too old or too new: sent again by somebody, or one of the clocks is wrong",
            code="invalid_webhook",
        )


def _key(secret: str) -> bytes:
    try:
        key = base64.b64decode(secret.strip()[len(_PREFIX) :], validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not secret.strip().startswith(_PREFIX) or not key:
        raise ConfigurationError(
            "A webhook's secret begins with whsec_ and goes on in base64.", code="bad_webhook_secret"
        )
    return key


def _signatures(header: str) -> Iterator[bytes]:
    """Those of version 1; a header holds two while the secret is renewed."""
    for part in header.split():
        version, _, text = part.partition(",")
        if version == "v1":
            try:
                yield base64.b64decode(text, validate=True)
            except (binascii.Error, ValueError):
                continue


def _event(identifier: str, body: bytes) -> WebhookEvent:
    try:
        said = json.loads(body)
        at = datetime.fromisoformat(said["timestamp"].replace("Z", "+00:00"))
        return WebhookEvent(identifier, str(said["type"]), at, dict(said["data"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise InvalidWebhook("genuine, but no event of a collector's", code="invalid_webhook") from None
