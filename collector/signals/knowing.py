"""The verb of people: a signal is known, so that it is quiet from now on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from collector.signals import falls, raising
from collector.signals.models import Signal


def know(session: Session, row: Signal, by: str, now: datetime) -> Signal:
    """Mark as known; what comes from now on is the usual of a fall's series, so that only a further one is signalled."""
    was_open = row.state == "open"
    found = raising.know(session, row, by, now)
    if was_open and row.rule == falls.RULE and row.series_id:
        falls.accept(session, row.workspace_id, row.touchpoint, row.series_id)
    return found
