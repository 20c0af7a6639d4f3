"""An invitation as a text message, handed to a gateway by a signed webhook (the headers of Standard Webhooks)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Collection
from datetime import datetime

from collector import clock
from collector.deliveries.message import Message
from collector.outgoing import SendingFailed, egress

TRY_AGAIN = {408, 425, 429}


def text(message: Message) -> str:
    """The message's words: the question, a short link, a short way out."""
    line = message.words["sms"]
    named = {"question": message.question, "link": message.short_link, "stop": f"{message.short_link}/stop"}
    for name, value in named.items():
        line = line.replace(f"{{{name}}}", value)
    return line


def send(message: Message, url: str, secret: str, now: datetime, allowed_hosts: Collection[str] = ()) -> None:
    """Hand a text message to the gateway; raises ``SendingFailed``, permanent for an answer that says so (4xx)."""
    identifier = str(message.delivery.delivery_id)
    data = {
        "id": identifier,
        "to": message.delivery.address,
        "text": text(message),
        "locale": message.survey["locale"],
    }
    event = {"type": "sms.send", "timestamp": clock.iso(now), "data": data}
    body = json.dumps(event, ensure_ascii=False).encode()
    status = egress.post(url, body, signed_headers(identifier, body, secret, now), allowed_hosts)
    if not 200 <= status < 300:
        permanent = 300 <= status < 500 and status not in TRY_AGAIN
        raise SendingFailed(f"the SMS gateway answered {status}", permanent)


def signed_headers(identifier: str, body: bytes, secret: str, now: datetime) -> dict[str, str]:
    """Standard Webhooks: the id is the same at each attempt, so that the gateway sends once."""
    stamp = str(int(now.timestamp()))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, f"{identifier}.{stamp}.".encode() + body, hashlib.sha256).digest()
    return {
        "Content-Type": "application/json",
        "User-Agent": "Afterword",
        "webhook-id": identifier,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }
