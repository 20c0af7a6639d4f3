"""How long customers take from one touchpoint to the next, by what is recorded of their visits (see ``walks``)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.interactions import JourneyInstance
from collector.kpis import paths, walks
from collector.statistics import K

NEWEST = 1000

Pair = tuple[str, str]


@dataclass(frozen=True)
class Between:
    """The median time of ``n`` instances from one touchpoint to the next."""

    median: timedelta
    n: int


def between(
    session: Session,
    workspace_id: uuid.UUID,
    journey: str,
    since: datetime,
    until: datetime,
    pairs: Iterable[Pair],
) -> dict[Pair, Between]:
    """For each pair of touchpoints with five instances or more: the time from the first visit to the next one there."""
    wanted = set(pairs)
    if not wanted:
        return {}
    ways = list(walks.read(session, workspace_id, journey, _newest(workspace_id, journey, since, until)))
    waits = {pair: paths.time_between(ways, *pair) for pair in wanted}
    return {pair: Between(wait.median, wait.n) for pair, wait in waits.items() if wait and wait.n >= K}


def _newest(workspace_id: uuid.UUID, journey: str, since: datetime, until: datetime) -> walks.Instances:
    instance = JourneyInstance
    query = select(instance.instance_id)
    query = query.where(instance.workspace_id == workspace_id, instance.journey == journey)
    query = query.where(instance.last_at >= since, instance.last_at < until)
    return query.order_by(instance.last_at.desc()).limit(NEWEST)
