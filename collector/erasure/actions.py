"""The verb: everything about one customer goes, station by station from the end of the route to its start.

The figures lose the erased answers too: their rollup cells are counted down in the same transaction.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from collector.interactions import tombstones
from collector.interactions.models import Interaction, JourneyInstance
from collector.invitations.models import Decision, Invitation, Subject, Trigger
from collector.kpis import groups, rollups
from collector.responses.models import Response


def erase(session: Session, workspace_id: uuid.UUID, customer: str, now: datetime) -> dict[str, int]:
    """Erase a customer by pseudonym; how many triggers, responses and interactions went.

    Their opt-out stays, if they gave one: it is what they asked for. Tombstones stay too: what they did before and is
    delivered later brings nobody back, and their links are over for ever.
    """
    _bury(session, workspace_id, customer, now)
    rollups.uncount(session, workspace_id, customer)
    groups.forget(session, workspace_id, customer)
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


def _bury(session: Session, workspace_id: uuid.UUID, customer: str, now: datetime) -> None:
    invitations = select(Invitation.invitation_id).where(
        Invitation.workspace_id == workspace_id, Invitation.customer == customer
    )
    ids = [str(invitation_id) for invitation_id in session.scalars(invitations)]
    tombstones.bury(session, workspace_id, tombstones.INVITATION, ids, now)
    tombstones.bury(session, workspace_id, tombstones.CUSTOMER, [customer], now)


def _delete(session: Session, table: Any, workspace_id: uuid.UUID, customer: str) -> int:
    statement = delete(table).where(table.workspace_id == workspace_id, table.customer == customer)
    return int(session.execute(statement).rowcount)  # type: ignore[attr-defined]
