"""What was decided, looked up by customer or transaction."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from collector.invitations.models import Decision, Invitation, Trigger


@dataclass(frozen=True)
class Entry:
    """A decision with the trigger it decided and the invitation it made, if any."""

    decision: Decision
    trigger: Trigger
    invitation: Invitation | None


def decisions(
    session: Session,
    workspace_id: uuid.UUID,
    customer: str | None = None,
    transaction: str | None = None,
    before: tuple[datetime, uuid.UUID] | None = None,
    limit: int = 50,
) -> list[Entry]:
    """Decisions, newest first, of a customer (pseudonym) or a transaction; ``before`` continues behind a row."""
    query = (
        select(Decision, Trigger, Invitation)
        .join(
            Trigger,
            (Trigger.workspace_id == Decision.workspace_id) & (Trigger.trigger_id == Decision.trigger_id),
        )
        .outerjoin(
            Invitation,
            (Invitation.workspace_id == Decision.workspace_id)
            & (Invitation.invitation_id == Decision.invitation_id),
        )
        .where(Decision.workspace_id == workspace_id)
        .order_by(Decision.decided_at.desc(), Decision.trigger_id.desc())
    )
    if customer is not None:
        query = query.where(Trigger.customer == customer)
    if transaction is not None:
        query = query.where(Trigger.transaction == transaction)
    if before is not None:
        query = query.where(tuple_(Decision.decided_at, Decision.trigger_id) < tuple_(*before))
    return [
        Entry(decision, trigger, invitation)
        for decision, trigger, invitation in session.execute(query.limit(limit))
    ]
