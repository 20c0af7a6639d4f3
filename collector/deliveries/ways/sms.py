"""An invitation as a text message, handed to a gateway by a signed webhook (the headers of Standard Webhooks)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from collector import clock
from collector.config import Config
from collector.deliveries.message import Message
from collector.deliveries.ways._way import Means
from collector.outgoing import SendingFailed, egress, signature

PHONE = re.compile(r"\+[1-9][0-9]{6,14}")  # E.164
TRY_AGAIN = {408, 425, 429}


@dataclass(frozen=True)
class TextMessage:
    """By text message, through the workspace's own gateway."""

    key: str = "sms"

    def address(self, text: str) -> str:
        """A number in international form, without what people write between its digits."""
        number = re.sub(r"[\s()/.-]", "", text)
        if not PHONE.fullmatch(number):
            raise ValueError("must be a number in international form, such as +4930123456")
        return number

    def missing(self, config: Config, workspace: Mapping[str, Any]) -> str | None:
        """A gateway of the workspace's."""
        return None if self.key in workspace else "No SMS gateway is set: PUT /api/v1/deliveries/sms-gateway."

    def send(self, message: Message, means: Means, now: datetime) -> None:
        """Hand the message to the gateway."""
        if self.key not in means.workspace:
            raise SendingFailed("no SMS gateway is set", permanent=True)
        hand_over(message, "sms.send", text(message), means, now)


WAY = TextMessage()


def text(message: Message) -> str:
    """The message's words: the question, a short link, a short way out."""
    line = message.words["sms"]
    named = {"question": message.question, "link": message.short_link, "stop": f"{message.short_link}/stop"}
    for name, value in named.items():
        line = line.replace(f"{{{name}}}", value)
    return line


def hand_over(message: Message, event: str, words: str, means: Means, now: datetime) -> None:
    """Give words to the workspace's gateway; raises ``SendingFailed``, permanent for an answer that says so (4xx)."""
    gateway, identifier = means.workspace["sms"], str(message.delivery.delivery_id)
    data = {
        "id": identifier,
        "to": message.delivery.address,
        "text": words,
        "locale": message.survey["locale"],
    }
    body = json.dumps({"type": event, "timestamp": clock.iso(now), "data": data}, ensure_ascii=False).encode()
    headers = signature.headers(identifier, body, [gateway["secret"]], now)
    status = egress.post(gateway["url"], body, headers, means.config.private_hosts)
    if not 200 <= status < 300:
        permanent = 300 <= status < 500 and status not in TRY_AGAIN
        raise SendingFailed(f"the SMS gateway answered {status}", permanent)
