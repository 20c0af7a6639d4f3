"""A webhook's message is believed only where it is genuine, whole and new; the public library signs it here."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook

import afterword

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
NOW = 1_764_235_800
BODY = json.dumps(
    {"type": "action.changed", "timestamp": "2026-11-27T09:30:00Z", "data": {"verb": "planned"}}
).encode()


def signed(body: bytes = BODY, secret: str = SECRET, at: int = NOW) -> dict[str, str]:
    """The headers of a message, as the public library signs it."""
    stamp = datetime.fromtimestamp(at, tz=timezone.utc)
    signature = Webhook(secret).sign("msg_1", stamp, body.decode())
    return {"Webhook-Id": "msg_1", "Webhook-Timestamp": str(at), "Webhook-Signature": signature}


def verify(body: Any = BODY, headers: Any = None, secret: str = SECRET, **given: Any) -> Any:
    return afterword.verify_webhook(body, headers or signed(), secret, **{"now": NOW, **given})


def test_a_genuine_message_is_read() -> None:
    event = verify()
    assert (event.id, event.type, event.data) == ("msg_1", "action.changed", {"verb": "planned"})
    assert event.timestamp == datetime(2026, 11, 27, 9, 30, tzinfo=timezone.utc)
    assert verify(BODY.decode()) == event


def test_either_of_two_signatures_will_do() -> None:
    both = signed()
    both["Webhook-Signature"] = (
        "v1a,eHl6 v1,!! " + signed(secret=OTHER)["Webhook-Signature"] + " " + both["Webhook-Signature"]
    )
    assert verify(headers=both).id == "msg_1"
    assert verify(headers=both, secret=OTHER).id == "msg_1"


@pytest.mark.parametrize(
    "wrong",
    [
        {"body": BODY.replace(b"planned", b"done")},
        {"secret": OTHER},
        {"headers": {**signed(), "Webhook-Id": "msg_2"}},
        {"headers": {**signed(), "Webhook-Timestamp": str(NOW + 1)}},
        {"headers": {**signed(), "Webhook-Timestamp": "now"}},
        {"headers": {**signed(), "Webhook-Timestamp": "²"}},
        {"headers": {**signed(), "Webhook-Signature": ""}},
        {"headers": {**signed(), "Webhook-Signature": signed()["Webhook-Signature"].replace("v1,", "v2,")}},
        {"headers": {"Content-Type": "application/json"}},
        {"now": NOW + 301},
        {"now": NOW - 301},
        {"body": b"[]", "headers": signed(b"[]")},
        {"body": b"{", "headers": signed(b"{")},
    ],
)
def test_what_is_altered_old_or_strange_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(afterword.InvalidWebhook) as refused:
        verify(**wrong)
    assert refused.value.code == "invalid_webhook"


def test_the_window_is_the_receivers_choice() -> None:
    assert verify(now=NOW + 3000, tolerance=3600).id == "msg_1"


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_ä", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])
def test_a_secret_that_is_none_is_said_so(secret: str) -> None:
    with pytest.raises(afterword.ConfigurationError):
        verify(secret=secret)
