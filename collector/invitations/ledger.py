"""What was decided, looked up by customer or transaction."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import Session

from collector.invitations.models import Decision, Invitation, Trigger
from collector.invitations.tokens import read_token


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
    query = _joined(workspace_id).order_by(Decision.decided_at.desc(), Decision.trigger_id.desc())
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


def decision_of(session: Session, token: str, now: datetime) -> Decision | None:
    """What was decided on the trigger behind a genuine link, if anything was; raises 401 and 410 as opening it does."""
    workspace_id, facts = read_token(session, token, now)
    return session.get(Decision, (workspace_id, facts.trigger_id))


def of_triggers(
    session: Session, workspace_id: uuid.UUID, trigger_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, Entry]:
    """What was decided of some triggers, by their ids, as it stands in the database now."""
    query = _joined(workspace_id).where(Decision.trigger_id.in_(trigger_ids))
    rows = session.execute(query, execution_options={"populate_existing": True})
    return {row[1].trigger_id: Entry(*row) for row in rows}


def _joined(workspace_id: uuid.UUID) -> Select[Decision, Trigger, Invitation]:
    return (
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
    )
