"""How long customers wait between the two sides of a handover: the median over journey instances that met both."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from collector.interactions import Interaction, JourneyInstance
from collector.responses import Response
from collector.statistics.small_groups import K

NEWEST = 1000
"""So many instances are looked at, the newest first: the page costs the same however many there are."""

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
    """For each pair of touchpoints with five instances or more: the time from the first contact to the first one after."""
    wanted = set(pairs)
    places = {place for pair in wanted for place in pair}
    met = _met(session, workspace_id, journey, since, until, places) if wanted else {}
    found = {}
    for before, after in wanted:
        waits = [at[after] - at[before] for at in met.values() if _in_order(at, before, after)]
        if len(waits) >= K:
            found[before, after] = Between(
                timedelta(seconds=median(w.total_seconds() for w in waits)), len(waits)
            )
    return found


def _in_order(at: Mapping[str, datetime], before: str, after: str) -> bool:
    return before in at and after in at and at[before] <= at[after]


def _met(
    session: Session,
    workspace_id: uuid.UUID,
    journey: str,
    since: datetime,
    until: datetime,
    places: set[str],
) -> dict[str, dict[str, datetime]]:
    """Instance -> touchpoint -> when it was first met; the answer's time only where no interaction was recorded."""
    instance = JourneyInstance
    newest = (
        select(instance.instance_id)
        .where(instance.workspace_id == workspace_id, instance.journey == journey)
        .where(instance.last_at >= since, instance.last_at < until)
        .order_by(instance.last_at.desc())
        .limit(NEWEST)
    )
    found: dict[str, dict[str, datetime]] = {}
    for table in (Interaction, Response):
        for key, place, at in session.execute(_first(table, workspace_id, journey, newest, places)):
            if key is not None:
                found.setdefault(key, {}).setdefault(place, at)
    return found


def _first(
    table: type[Interaction] | type[Response],
    workspace_id: uuid.UUID,
    journey: str,
    instances: Select[str],
    places: set[str],
) -> Select[str | None, str, datetime]:
    query = select(table.journey_instance, table.touchpoint, func.min(table.occurred_at))
    query = query.where(table.workspace_id == workspace_id, table.journey == journey)
    query = query.where(table.journey_instance.in_(instances), table.touchpoint.in_(places))
    return query.group_by(table.journey_instance, table.touchpoint)
