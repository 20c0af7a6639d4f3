"""Verbs that look back: a journey's versions, and since when a touchpoint stands in it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.journeys import models, rows


@dataclass(frozen=True)
class VersionMark:
    """When a journey's version was made, and by whom."""

    version: int
    applied_at: datetime
    applied_by: str


def versions(session: Session, workspace_id: uuid.UUID, key: str) -> list[VersionMark]:
    """All versions of a journey, oldest first."""
    table = models.JourneyVersion
    query = select(table.version, table.applied_at, table.applied_by)
    query = query.where(table.workspace_id == workspace_id, table.key == key).order_by(table.version)
    return [VersionMark(*row) for row in session.execute(query)]


def since(session: Session, workspace_id: uuid.UUID, key: str) -> dict[str, int]:
    """Touchpoint key -> the journey version in which it first stood ("since version 2")."""
    table = models.JourneyVersion
    query = select(models.Journey, table).join(
        table, (table.workspace_id == models.Journey.workspace_id) & (table.key == models.Journey.key)
    )
    query = query.where(table.workspace_id == workspace_id, table.key == key).order_by(table.version)
    first: dict[str, int] = {}
    for journey, version in session.execute(query):
        for touchpoint in rows.to_journey(journey, version).touchpoints:
            first.setdefault(touchpoint, version.version)
    return first
