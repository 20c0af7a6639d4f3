"""How much that nobody asked for may stand: counted in what is stored, so that it holds over all processes and restarts.

A publishable key stands in the page for all to read. Whoever answers waits for the one before at the same touchpoint,
so that a limit holds to the one; a refused answer costs a look and no write.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector import db, errors
from collector.responses.holding import page_of
from collector.responses.models import HeldResponse, Response


@dataclass(frozen=True)
class Most:
    """So many answers within so long."""

    answers: int
    within: timedelta


AT_TOUCHPOINT = Most(60, timedelta(minutes=2))
"""Answers at one touchpoint that nobody asked for, whoever sends them. What comes above it is held apart."""

ON_PAGE = Most(20, timedelta(minutes=3))
"""The same on one page's address, since a touchpoint may stand on many."""

HELD = Most(1000, timedelta(hours=3))
"""What is held apart at one touchpoint, so that a flood fills no disk."""

WAIT = 60


def over_a_limit(
    session: Session, workspace_id: uuid.UUID, touchpoint: str, page: str, now: datetime
) -> str | None:
    """Which limit one more answer that nobody asked for is above: that of its page, or of its touchpoint.

    Raises 429, and nothing is stored, where even too much is held at the touchpoint.
    """
    db.hold(session, "feedback", workspace_id, touchpoint)
    over = _over(_lately(session, workspace_id, touchpoint, now), page, now)
    if over and _held(session, workspace_id, touchpoint, now) >= HELD.answers:
        raise errors.TooMany("Too many requests from here. Wait a moment.", retry_after=WAIT)
    return over


def _over(lately: list[tuple[datetime, str]], page: str, now: datetime) -> str | None:
    on_page = sum(at > now - ON_PAGE.within and where == page for at, where in lately)
    if page and on_page >= ON_PAGE.answers:
        return "page"
    at_touchpoint = sum(at > now - AT_TOUCHPOINT.within for at, _ in lately)
    return "touchpoint" if at_touchpoint >= AT_TOUCHPOINT.answers else None


def _lately(
    session: Session, workspace_id: uuid.UUID, touchpoint: str, now: datetime
) -> list[tuple[datetime, str]]:
    """When and on which page each answer was given; as many as the limits let through, and no more."""
    query = select(Response.occurred_at, Response.context).where(
        Response.workspace_id == workspace_id,
        Response.touchpoint == touchpoint,
        Response.occurred_at > now - max(ON_PAGE.within, AT_TOUCHPOINT.within),
        Response.source == "volunteered",
    )
    return [(at, page_of(context.get("url", ""))) for at, context in session.execute(query)]


def _held(session: Session, workspace_id: uuid.UUID, touchpoint: str, now: datetime) -> int:
    query = select(func.count()).where(
        HeldResponse.workspace_id == workspace_id,
        HeldResponse.touchpoint == touchpoint,
        HeldResponse.received_at > now - HELD.within,
    )
    return session.scalar(query) or 0
