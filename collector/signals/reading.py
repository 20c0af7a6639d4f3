"""Signals as they are read: lists and one whole. Who has a scope finds those of its touchpoints (``journeys.scoping``)."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from collector import errors, journeys
from collector.signals.models import Signal

PAGE, LARGEST_PAGE = 50, 500


@dataclass(frozen=True)
class Wanted:
    """Which signals somebody asks for; None is any."""

    states: Collection[str] | None = None
    rules: Collection[str] | None = None
    touchpoints: Collection[str] | None = None


def get(session: Session, workspace_id: uuid.UUID, signal_id: uuid.UUID) -> Signal:
    """One signal; raises 404 for one that is not here, or not in the session's scope."""
    query = select(Signal).where(Signal.workspace_id == workspace_id, Signal.signal_id == signal_id)
    row = session.scalars(query).first()
    if row is None:
        raise errors.NotFound("There is no such signal.", "unknown_signal")
    return row


def listed(
    session: Session,
    workspace_id: uuid.UUID,
    wanted: Wanted,
    after: uuid.UUID | None = None,
    limit: int = PAGE,
) -> list[Signal]:
    """The newest first; ``after`` is the last one of the page before."""
    query = select(Signal).where(Signal.workspace_id == workspace_id)
    if wanted.states is not None:
        query = query.where(Signal.state.in_(sorted(wanted.states)))
    if wanted.rules is not None:
        query = query.where(Signal.rule.in_(sorted(wanted.rules)))
    if wanted.touchpoints is not None:
        places = sorted(wanted.touchpoints)
        query = query.where(or_(Signal.touchpoint.in_(places), Signal.before.in_(places)))
    if after is not None:
        query = query.where(Signal.signal_id < after)
    return list(session.scalars(query.order_by(Signal.signal_id.desc()).limit(limit)))


def open_at(session: Session, workspace_id: uuid.UUID) -> dict[str, int]:
    """Touchpoint -> how many open signals stand there."""
    query = select(Signal.touchpoint, func.count()).where(
        Signal.workspace_id == workspace_id, Signal.state == "open"
    )
    return {str(key): int(n) for key, n in session.execute(query.group_by(Signal.touchpoint))}


def names(session: Session, workspace_id: uuid.UUID) -> dict[str, str]:
    """What the touchpoints are called, by key."""
    found: dict[str, str] = {}
    after: str | None = ""
    while after is not None:
        page = journeys.touchpoints(session, workspace_id, after=after, limit=500)
        found |= {item.key: item.label for item in page.items}
        after = page.next
    return found


def answers(row: Signal) -> list[uuid.UUID]:
    """The answers that it tells of, those to read first first."""
    if row.response_id is not None:
        return [row.response_id]
    return [uuid.UUID(each) for each in row.facts.get("answers", [])]
