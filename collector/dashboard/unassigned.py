"""What came in from places that nobody has defined: triggers, interactions and answers, by touchpoint key. Never lost."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from collector import journeys
from collector.interactions import Interaction
from collector.invitations import Decision, Trigger
from collector.responses import Response


@dataclass(frozen=True)
class Stray:
    """One unknown touchpoint key, and how much waits under it."""

    touchpoint: str
    triggers: int
    interactions: int
    answers: int
    last_at: datetime

    @property
    def total(self) -> int:
        return self.triggers + self.interactions + self.answers


def strays(session: Session, workspace_id: uuid.UUID) -> list[Stray]:
    """Everything under keys that are not defined, the most first; a key leaves the list once it is defined."""
    known = journeys.keys_of_touchpoints(session, workspace_id)
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    last: dict[str, datetime] = {}
    unknown = _answered_at(session, workspace_id) - known
    queries = (
        ("triggers", _triggers(workspace_id)),
        ("interactions", _interactions(workspace_id)),
        ("answers", _answers(workspace_id, unknown)),
    )
    for kind, query in queries:
        for touchpoint, n, at in session.execute(query):
            if touchpoint not in known:
                counts[touchpoint][kind] += n
                last[touchpoint] = max(at, last.get(touchpoint, at))
    found = [
        Stray(key, of["triggers"], of["interactions"], of["answers"], last[key]) for key, of in counts.items()
    ]
    return sorted(found, key=lambda stray: (-stray.total, stray.touchpoint))


def _triggers(workspace_id: uuid.UUID) -> Select[str, int, datetime]:
    joined = (Decision.workspace_id == Trigger.workspace_id) & (Decision.trigger_id == Trigger.trigger_id)
    query = select(Trigger.touchpoint, func.count(), func.max(Trigger.received_at)).join(Decision, joined)
    where = (Trigger.workspace_id == workspace_id, Decision.reason == "unknown_touchpoint")
    return query.where(*where).group_by(Trigger.touchpoint)


def _interactions(workspace_id: uuid.UUID) -> Select[str, int, datetime]:
    query = select(Interaction.touchpoint, func.count(), func.max(Interaction.received_at))
    where = (Interaction.workspace_id == workspace_id, Interaction.known_touchpoint.is_(False))
    return query.where(*where).group_by(Interaction.touchpoint)


def _answers(workspace_id: uuid.UUID, places: set[str]) -> Select[str, int, datetime]:
    query = select(Response.touchpoint, func.count(), func.max(Response.received_at))
    where = (Response.workspace_id == workspace_id, Response.touchpoint.in_(places))
    return query.where(*where).group_by(Response.touchpoint)


def _answered_at(session: Session, workspace_id: uuid.UUID) -> set[str]:
    """Where answers are: by leaps through the index from one touchpoint to the next, without a look at every answer."""
    here = Response.workspace_id == workspace_id
    found = select(func.min(Response.touchpoint).label("touchpoint")).where(here).cte(recursive=True)
    later = select(func.min(Response.touchpoint)).where(here, Response.touchpoint > found.c.touchpoint)
    leap = select(later.correlate(found).scalar_subquery()).where(found.c.touchpoint.is_not(None))
    every = found.union_all(leap)
    return set(session.scalars(select(every.c.touchpoint).where(every.c.touchpoint.is_not(None))))
