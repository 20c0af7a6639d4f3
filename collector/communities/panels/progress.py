"""How far a run has come with its panel: who was invited, opened, started, finished."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from collector.communities.panels.models import PanelAsk
from collector.db import Base


@dataclass(frozen=True)
class Progress:
    """Counts of members. ``waiting``: on the list, not asked yet; ``skipped``: reason -> how many were passed over.

    ``waiting_for``: reason -> how many of those who wait have to, such as ``rest``; ``next_turn``: when the first of these may
    be asked.
    """

    waiting: int = 0
    invited: int = 0
    opened: int = 0
    started: int = 0
    finished: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
    waiting_for: dict[str, int] = field(default_factory=dict)
    next_turn: datetime | None = None


def progress(session: Session, *, workspace_id: uuid.UUID, run_key: str) -> Progress:
    """The counts of a run, as they stand now."""
    mine = PanelAsk.workspace_id == workspace_id, PanelAsk.run == run_key
    query = select(PanelAsk.state, PanelAsk.reason, func.count(), func.min(PanelAsk.run_after)).where(*mine)
    counts: Counter[str] = Counter()
    skipped: Counter[str] = Counter()
    waiting_for: dict[str, int] = {}
    turns: list[datetime] = []
    for state, reason, count, first in session.execute(query.group_by(PanelAsk.state, PanelAsk.reason)):
        counts[state] += count
        if state in {"skipped", "ended"}:
            skipped[reason or state] += count
        elif state == "waiting" and reason:
            waiting_for[reason] = count
            turns.append(first)
    opened, started, finished = _answered(session, workspace_id, run_key)
    return Progress(
        counts["waiting"],
        counts["asked"],
        opened,
        started,
        finished,
        dict(skipped),
        waiting_for,
        min(turns, default=None),
    )


def _answered(session: Session, workspace_id: uuid.UUID, run_key: str) -> tuple[int, int, int]:
    """How many invitations were seen, have an answer, and have a whole one; whoever answered has seen it."""
    invitation = Base.metadata.tables["invitation"].alias("made").c
    response = Base.metadata.tables["response"].alias("said").c
    asked = and_(
        invitation.workspace_id == PanelAsk.workspace_id,
        invitation.invitation_id == PanelAsk.invitation_id,
    )
    said = and_(
        response.workspace_id == PanelAsk.workspace_id,
        response.invitation_id == PanelAsk.invitation_id,
    )
    query = (
        select(
            func.count(func.coalesce(invitation.shown_at, response.received_at)),
            func.count(response.invitation_id),
            func.count(case((response.complete.is_(True), 1))),
        )
        .select_from(PanelAsk)
        .join(invitation.invitation_id.table, asked)
        .outerjoin(response.invitation_id.table, said)
        .where(PanelAsk.workspace_id == workspace_id, PanelAsk.run == run_key, PanelAsk.state == "asked")
    )
    opened, started, finished = session.execute(query).one()
    return opened, started, finished
