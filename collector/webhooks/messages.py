"""What is sent: an event as a signed Standard Webhook, with all that the sending needs to know of its webhook."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from datetime import datetime

from collector import clock
from collector.outgoing import signature
from collector.webhooks.models import Webhook, WebhookEvent


@dataclass(frozen=True)
class Endpoint:
    """A webhook as the sending thread holds it, without a session."""

    workspace_id: uuid.UUID
    webhook_id: uuid.UUID
    url: str
    secrets: tuple[str, ...]
    lease: datetime

    def headers(self, parcel: Parcel, at: datetime) -> dict[str, str]:
        """Signed anew at each attempt, by both secrets while one takes over from the other."""
        return signature.headers(str(parcel.event_id), parcel.body, self.secrets, at)


@dataclass(frozen=True)
class Parcel:
    """One message: its body is the same at each attempt."""

    event_id: uuid.UUID
    body: bytes


@dataclass(frozen=True)
class Outcome:
    """What came of one attempt: the status that was answered, else why there was none."""

    status: int | None
    error: str | None = None

    @property
    def is_good(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def endpoint(hook: Webhook, lease: datetime, now: datetime) -> Endpoint:
    """What the sending needs of a webhook."""
    before = hook.previous_secret if hook.previous_until and hook.previous_until > now else None
    secrets = (hook.secret, *((before,) if before else ()))
    return Endpoint(hook.workspace_id, hook.webhook_id, hook.url, secrets, lease)


def parcel(event: WebhookEvent) -> Parcel:
    """An event as it is sent."""
    said = {"type": event.kind, "timestamp": clock.iso(event.at), "data": event.data}
    return Parcel(event.event_id, json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode())
