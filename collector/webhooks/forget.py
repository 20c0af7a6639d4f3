"""What erasure removes here: every event that tells of a customer, sent or not, but the one that tells of the erasure."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from sqlalchemy import delete
from sqlalchemy.orm import Session

from collector.db import Holds, erased
from collector.webhooks.kinds import ERASED
from collector.webhooks.models import WebhookEvent

HOLDS: Holds = {WebhookEvent: {"customer", "data"}}


def forget(session: Session, workspace_id: uuid.UUID, customer: str, transactions: Collection[str]) -> int:
    """Erase a customer's events, and with them their ways to the webhooks; how many events."""
    rows = (WebhookEvent.workspace_id == workspace_id, WebhookEvent.customer == customer)
    return erased(session, delete(WebhookEvent).where(*rows, WebhookEvent.kind != ERASED))
