"""What is let go of here: what customers did long ago, touchpoint by touchpoint, as the index has it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from collector import db, journeys
from collector.interactions.models import NOWHERE, Interaction, JourneyInstance

NOUN = "interaction"


def old(session: Session, workspace_id: uuid.UUID, before: datetime, most: int) -> list[uuid.UUID]:
    """Some of the interactions from before a moment."""
    found: list[uuid.UUID] = []
    for key in (NOWHERE, *journeys.every_touchpoint(session, workspace_id)):
        here = Interaction.workspace_id == workspace_id, Interaction.touchpoint == key
        query = select(Interaction.interaction_id).where(*here, Interaction.occurred_at < before)
        found += session.scalars(query.order_by(Interaction.occurred_at).limit(most - len(found)))
        if len(found) >= most:
            break
    return found


def let_go(session: Session, workspace_id: uuid.UUID, before: datetime, most: int) -> int:
    """Delete some of them, and the ways on which nothing has happened since; how many interactions."""
    ids = old(session, workspace_id, before, most)
    if not ids:
        return 0
    theirs = Interaction.workspace_id == workspace_id, Interaction.interaction_id.in_(ids)
    gone = db.erased(session, delete(Interaction).where(*theirs))
    for key in journeys.existing(session, workspace_id).journeys:
        session.execute(delete(JourneyInstance).where(*_over(workspace_id, key, before)))
    return gone


def _over(workspace_id: uuid.UUID, journey: str, before: datetime) -> Iterator[Any]:
    yield JourneyInstance.workspace_id == workspace_id
    yield JourneyInstance.journey == journey
    yield JourneyInstance.last_at < before
