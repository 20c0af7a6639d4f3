"""What is sent: an event as a signed Standard Webhook, or as a message to a chat, with all that the sending needs to know."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from collector import clock, journeys, locale, workspaces
from collector.addresses import Addresses
from collector.outgoing import signature
from collector.webhooks import chat
from collector.webhooks.models import Webhook, WebhookEvent


@dataclass(frozen=True)
class Endpoint:
    """A webhook as the sending thread holds it, without a session."""

    workspace_id: uuid.UUID
    webhook_id: uuid.UUID
    url: str
    secrets: tuple[str, ...]
    lease: datetime
    is_chat: bool = False

    def headers(self, parcel: Parcel, at: datetime) -> dict[str, str]:
        """Signed anew at each attempt, by both secrets while one takes over from the other; a chat wants no signature."""
        if self.is_chat:
            return {"Content-Type": "application/json", "User-Agent": "Afterword"}
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
    is_chat = hook.form in chat.PAYLOADS
    return Endpoint(hook.workspace_id, hook.webhook_id, hook.url, secrets, lease, is_chat)


def parcels(session: Session, hook: Webhook, events: Sequence[WebhookEvent], url: str) -> list[Parcel]:
    """Events as this webhook wants them; ``url`` is where the collector stands."""
    if hook.form not in chat.PAYLOADS:
        return [
            _parcel(row, {"type": row.kind, "timestamp": clock.iso(row.at), "data": row.data})
            for row in events
        ]
    company = workspaces.facts(session, hook.workspace_id)
    speaker = locale.Speaker(locale.best([company.locale]), company.timezone)
    names, addresses = _names(session, hook.workspace_id), Addresses(url)
    payload = chat.PAYLOADS[hook.form]
    return [_parcel(row, payload(chat.note(row.kind, row.data, names, addresses, speaker))) for row in events]


def _parcel(event: WebhookEvent, said: dict[str, Any]) -> Parcel:
    return Parcel(event.event_id, json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode())


def _names(session: Session, workspace_id: uuid.UUID) -> chat.Names:
    """What the touchpoints and the stakeholders are called here."""
    places = journeys.touchpoints(session, workspace_id, limit=500).items
    owners = journeys.stakeholders(session, workspace_id)
    return chat.Names({each.key: each.name for each in places}, {each.key: each.name for each in owners})
