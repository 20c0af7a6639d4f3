"""Addresses for other tools, and what arrived there of late."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, tuple_
from sqlalchemy.orm import Session

from collector import errors
from collector.exchange.models import Arrival, Inbound

LAST = 50
BATCH = 500
KEPT = timedelta(days=30)
"""After so long what arrived is forgotten, placed or not; an answer's own id still keeps it from counting twice."""


def every(session: Session, workspace_id: uuid.UUID) -> Sequence[Inbound]:
    """All addresses, the oldest first."""
    query = select(Inbound).where(Inbound.workspace_id == workspace_id)
    return session.scalars(query.order_by(Inbound.created_at, Inbound.inbound_id)).all()


def get(session: Session, workspace_id: uuid.UUID, inbound_id: uuid.UUID) -> Inbound:
    """One address; raises 404."""
    found = session.get(Inbound, (workspace_id, inbound_id))
    if found is None:
        raise errors.NotFound("There is no such address.", "unknown_inbound")
    return found


def arrivals(session: Session, row: Inbound, limit: int = LAST) -> Sequence[Arrival]:
    """What arrived at an address, the newest first."""
    here = Arrival.workspace_id == row.workspace_id, Arrival.inbound_id == row.inbound_id
    return session.scalars(
        select(Arrival).where(*here).order_by(Arrival.received_at.desc()).limit(limit)
    ).all()


def waiting(session: Session, workspace_id: uuid.UUID) -> dict[uuid.UUID, int]:
    """Address -> how many wait there."""
    query = select(Arrival.inbound_id, func.count()).where(Arrival.workspace_id == workspace_id)
    rows = session.execute(query.where(Arrival.state == "waiting").group_by(Arrival.inbound_id))
    return {inbound_id: n for inbound_id, n in rows}  # noqa: C416


def let_go(session: Session, now: datetime) -> int:
    """Delete one batch of what arrived long ago; how many."""
    key = (Arrival.workspace_id, Arrival.inbound_id, Arrival.digest)
    rows = session.execute(select(*key).where(Arrival.received_at < now - KEPT).limit(BATCH)).all()
    if rows:
        session.execute(delete(Arrival).where(tuple_(*key).in_([tuple(row) for row in rows])))
    return len(rows)


def are_old(session: Session, now: datetime) -> bool:
    """Whether there is anything to delete."""
    return (
        session.scalars(select(Arrival.digest).where(Arrival.received_at < now - KEPT).limit(1)).first()
        is not None
    )
