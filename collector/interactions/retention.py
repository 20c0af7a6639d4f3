"""What is let go of here: what customers did long ago, touchpoint by touchpoint, as the index has it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete
from sqlalchemy.orm import Session

from collector import db, journeys
from collector.interactions.models import NOWHERE, Interaction, JourneyInstance
from collector.old_rows import Kind, Place

NOUN = "interaction"
KIND = Kind(Interaction.interaction_id, Interaction.occurred_at)


def places(session: Session, workspace_id: uuid.UUID) -> Iterator[Place]:
    """Where there may be some."""
    for key in (NOWHERE, *journeys.every_touchpoint(session, workspace_id)):
        yield Interaction.workspace_id == workspace_id, Interaction.touchpoint == key


def let_go(session: Session, workspace_id: uuid.UUID, which: ColumnElement[bool], before: datetime) -> int:
    """Delete them, and the ways on which nothing has happened since; how many interactions."""
    gone = db.erased(session, delete(Interaction).where(which))
    for key in journeys.existing(session, workspace_id).journeys:
        session.execute(delete(JourneyInstance).where(*_over(workspace_id, key, before)))
    return gone


def _over(workspace_id: uuid.UUID, journey: str, before: datetime) -> Iterator[Any]:
    yield JourneyInstance.workspace_id == workspace_id
    yield JourneyInstance.journey == journey
    yield JourneyInstance.last_at < before
