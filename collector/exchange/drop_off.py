"""Where customers leave a journey without finishing it: abandonment as a whole, then step by step.

Read from what is known of each journey instance: interactions, triggers, answers. Who has been silent for the
journey's ``abandoned_after_days`` without reaching its last touchpoint has left; who may still come counts nowhere.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import Select, or_, select, union_all
from sqlalchemy.orm import Session

from collector import errors, journeys
from collector.interactions import Interaction, JourneyInstance
from collector.invitations import Decision, Trigger
from collector.kpis.paths import Instance, Visit, abandonment, drop_offs
from collector.kpis.shares import Share
from collector.responses import Response

COLUMNS = ("touchpoint", "visited", "left", "share", "low", "high")
WHOLE = ""


def drop_off(
    session: Session,
    workspace_id: uuid.UUID,
    journey: str,
    now: datetime,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Iterator[tuple[Any, ...]]:
    """The rows: the whole journey (no touchpoint), then each touchpoint, the most left first.

    ``since`` (inclusive) and ``until`` (not) are about when an instance began. Raises 404 for an unknown journey.
    """
    facts = journeys.find_journey(session, workspace_id, journey)
    if facts is None:
        raise errors.NotFound(f"There is no journey {journey!r}.", "unknown_journey")
    ends = frozenset({facts.last_touchpoint} if facts.last_touchpoint else ())
    timeout = timedelta(days=facts.abandoned_after_days)
    instances = list(_instances(session, workspace_id, journey, since, until))
    yield _row(WHOLE, abandonment(instances, ends, timeout, now))
    steps = drop_offs(instances, ends, timeout, now)
    for touchpoint, left in sorted(steps.items(), key=lambda item: (-item[1].count, item[0])):
        yield _row(touchpoint, left)


def _row(touchpoint: str, left: Share) -> tuple[Any, ...]:
    figures = (left.value, left.low, left.high)
    return touchpoint, left.base, left.count, *(None if v is None else round(v, 6) for v in figures)


def _instances(
    session: Session, workspace_id: uuid.UUID, journey: str, since: datetime | None, until: datetime | None
) -> Iterator[Instance]:
    began = JourneyInstance.started_at
    meant = select(JourneyInstance.instance_id).where(
        JourneyInstance.workspace_id == workspace_id,
        JourneyInstance.journey == journey,
        *([began >= since] if since else []),
        *([began < until] if until else []),
    )
    visits = union_all(*_visits(workspace_id, journey)).subquery()
    query = select(visits).where(visits.c.instance.in_(meant)).order_by(visits.c.instance, visits.c.at)
    rows = session.execute(query.execution_options(yield_per=1000))
    for _, visited in groupby(rows, key=lambda row: row.instance):
        yield [Visit(row.touchpoint, row.at) for row in visited]


def _visits(workspace_id: uuid.UUID, journey: str) -> Iterator[Select[str | None, str, datetime]]:
    """(instance, touchpoint, at) of all that is recorded; of a trigger, the instance stands in its decision."""
    for table in (Interaction, Response):
        columns = (table.journey_instance.label("instance"), table.touchpoint, table.occurred_at.label("at"))
        mine = (table.workspace_id == workspace_id, table.journey == journey)
        yield select(*columns).where(*mine, table.journey_instance.is_not(None))
    columns = (
        Decision.journey_instance.label("instance"),
        Trigger.touchpoint,
        Trigger.occurred_at.label("at"),
    )
    same = (Trigger.workspace_id == Decision.workspace_id) & (Trigger.trigger_id == Decision.trigger_id)
    fits = or_(Trigger.journey == journey, Trigger.journey.is_(None))
    mine = (Decision.workspace_id == workspace_id, fits)
    yield select(*columns).join(Trigger, same).where(*mine, Decision.journey_instance.is_not(None))
