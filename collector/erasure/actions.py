"""The verb: everything about one customer goes, station by station from the end of the route to its start.

The figures lose the erased answers too: their rollup cells are counted down in the same transaction.
"""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from collector.interactions.models import Interaction, JourneyInstance
from collector.invitations.models import Decision, Invitation, Subject, Trigger
from collector.kpis import rollups
from collector.responses.models import Response


def erase(session: Session, workspace_id: uuid.UUID, customer: str) -> dict[str, int]:
    """Erase a customer by pseudonym; how many triggers, responses and interactions went.

    Their opt-out stays, if they gave one: it is what they asked for.
    """
    rollups.uncount(session, workspace_id, customer)
    responses = _delete(session, Response, workspace_id, customer)
    _delete(session, Invitation, workspace_id, customer)
    ids = select(Trigger.trigger_id).where(Trigger.workspace_id == workspace_id, Trigger.customer == customer)
    session.execute(
        delete(Decision).where(Decision.workspace_id == workspace_id, Decision.trigger_id.in_(ids))
    )
    triggers = _delete(session, Trigger, workspace_id, customer)
    interactions = _delete(session, Interaction, workspace_id, customer)
    _delete(session, JourneyInstance, workspace_id, customer)
    session.execute(
        delete(Subject).where(
            Subject.workspace_id == workspace_id, Subject.customer == customer, Subject.opted_out_at.is_(None)
        )
    )
    return {"triggers": triggers, "responses": responses, "interactions": interactions}


def _delete(session: Session, table: Any, workspace_id: uuid.UUID, customer: str) -> int:
    statement = delete(table).where(table.workspace_id == workspace_id, table.customer == customer)
    return int(session.execute(statement).rowcount)  # type: ignore[attr-defined]
