"""What follows from people's work: a signal is known, so that it is quiet from now on; what they mended has recovered."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.signals import falls, raising, silences
from collector.signals.models import Signal


def know(session: Session, row: Signal, by: str, now: datetime) -> Signal:
    """Mark as known; what comes from now on is the usual of what has fallen, so that only a further fall is signalled."""
    was_open = row.state == "open"
    found = raising.know(session, row, by, now)
    if was_open and row.rule == falls.RULE and row.series_id:
        falls.accept(session, row.workspace_id, row.touchpoint, row.series_id)
    if was_open and row.rule == silences.RULE:
        silences.accept(session, row.workspace_id, row.touchpoint)
    return found


def recover(session: Session, workspace_id: uuid.UUID, insight_id: uuid.UUID, now: datetime) -> None:
    """End what became this insight; the level at which a fall was known is no more what is usual there."""
    mine = (Signal.workspace_id == workspace_id, Signal.insight_id == insight_id)
    for row in session.scalars(select(Signal).where(*mine, Signal.rule == falls.RULE)):
        if row.series_id:
            falls.learn_anew(session, workspace_id, row.touchpoint, row.series_id)
    raising.end_all_of(session, workspace_id, insight_id, now)
