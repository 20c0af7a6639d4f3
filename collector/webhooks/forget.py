"""What erasure removes here: every event that tells of a customer, sent or not, but the one that tells of the erasure."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from sqlalchemy import and_, delete, or_
from sqlalchemy.orm import Session

from collector.db import Holds, erased
from collector.webhooks.kinds import ERASED
from collector.webhooks.models import WebhookEvent

HOLDS: Holds = {WebhookEvent: {"customer", "data"}}


def forget(session: Session, workspace_id: uuid.UUID, customer: str, transactions: Collection[str]) -> int:
    """Erase a customer's events, and with them their ways to the webhooks; how many events.

    What names nobody is theirs if it tells of a transaction of theirs.
    """
    of_theirs = WebhookEvent.data["transaction"].as_string().in_(sorted(transactions))
    nobodys = and_(WebhookEvent.customer.is_(None), of_theirs)
    rows = (WebhookEvent.workspace_id == workspace_id, or_(WebhookEvent.customer == customer, nobodys))
    return erased(session, delete(WebhookEvent).where(*rows, WebhookEvent.kind != ERASED))
