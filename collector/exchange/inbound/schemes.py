"""How what comes in proves where it is from, tool by tool; every comparison takes the same time, right or wrong.

Standard Webhooks (Formbricks, and whoever keeps to it): https://www.standardwebhooks.com, three headers over id, time and
body. Typeform: ``Typeform-Signature: sha256=`` and the base64 of an HMAC over the body,
https://www.typeform.com/developers/webhooks/secure-your-webhooks/. LimeSurvey's webhook plugin sends a token of its own in
the body (``api_token``), and signs nothing: https://github.com/triat/LimeSurveyWebhook.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from collector import errors
from collector.outgoing import signature

TOLERANCE = 300
"""Seconds by which a signed time may differ from ours."""
Headers = Mapping[str, str]
Scheme = Callable[[Headers, bytes, str, datetime], None]


def standard(headers: Headers, body: bytes, secret: str, now: datetime) -> None:
    """Standard Webhooks; raises 401 where none of its signatures is right, or its time is not ours."""
    identifier, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not stamp.isdecimal() or abs(int(stamp[:12]) - now.timestamp()) > TOLERANCE:
        raise refused("its time is missing, or more than five minutes from ours")
    signed = f"{identifier}.{stamp}.".encode() + body
    expected = base64.b64encode(hmac.new(_key(secret), signed, hashlib.sha256).digest()).decode()
    given = [each.partition(",") for each in headers.get("webhook-signature", "").split()[:10]]
    fits = [
        hmac.compare_digest(expected.encode(), text.encode()) for version, _, text in given if version == "v1"
    ]
    if not identifier or not any(fits):
        raise refused("its signature is not right")


def typeform(headers: Headers, body: bytes, secret: str, now: datetime) -> None:
    """Typeform's; raises 401 where the signature is not right."""
    digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    expected = "sha256=" + base64.b64encode(digest).decode()
    if not hmac.compare_digest(expected.encode(), headers.get("typeform-signature", "").encode()):
        raise refused("its signature is not right")


def limesurvey(headers: Headers, body: bytes, secret: str, now: datetime) -> None:
    """The plugin's token in the body; raises 401 where it is another."""
    said = parsed(body)
    given = said.get("api_token") if isinstance(said, dict) else None
    if not hmac.compare_digest(secret.encode(), str(given or "").encode("utf-8", "replace")):
        raise refused("its token is not right")


SCHEMES: dict[str, Scheme] = {
    "formbricks": standard,
    "typeform": typeform,
    "limesurvey": limesurvey,
    "standard": standard,
}
"""Tool -> its scheme; ``standard`` is any system that keeps to Standard Webhooks and is read by a mapping."""


def parsed(body: bytes) -> Any:
    """The JSON of a body; None where it is none."""
    try:
        return json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        return None


def refused(why: str) -> errors.NotAuthenticated:
    """401."""
    return errors.NotAuthenticated(f"This delivery is not taken: {why}.", "bad_signature")


def _key(secret: str) -> bytes:
    """Base64 behind ``whsec_``; any other secret as it stands."""
    try:
        return (
            base64.b64decode(secret.removeprefix(signature.PREFIX), validate=True)
            if secret.startswith(signature.PREFIX)
            else secret.encode()
        )
    except binascii.Error:
        return secret.encode()
