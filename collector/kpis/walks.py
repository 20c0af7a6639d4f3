"""What customers did on a journey, from what is recorded: the visits of each journey instance, in order of time.

A visit is an interaction at a touchpoint, a trigger (unless an interaction tells of the same contact), or an answer that came without
an invitation, such as one given on the phone. The answer to an invitation is no visit: it may come days later.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import Select, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from collector.interactions import NOWHERE, Interaction, JourneyInstance
from collector.invitations import Decision, Trigger
from collector.kpis.paths import Instance, Visit
from collector.responses import Response

SAME_CONTACT = timedelta(minutes=10)
"""A trigger so close to an interaction at the same touchpoint tells of the same contact."""

Instances = Select[str]
"""A statement that gives the ids of journey instances."""


def begun(
    workspace_id: uuid.UUID, journey: str, since: datetime | None = None, until: datetime | None = None
) -> Instances:
    """The instances that began from ``since`` on and before ``until``."""
    query = select(JourneyInstance.instance_id)
    query = query.where(JourneyInstance.workspace_id == workspace_id, JourneyInstance.journey == journey)
    query = query.where(JourneyInstance.started_at >= since) if since else query
    return query.where(JourneyInstance.started_at < until) if until else query


def count(session: Session, instances: Instances) -> int:
    """How many instances these are."""
    return session.scalar(select(func.count()).select_from(instances.subquery())) or 0


def evenly(session: Session, instances: Instances, everyone: int, wanted: int) -> Sequence[str]:
    """The ids of every second, third, ... instance, in order of their beginning: at most ``wanted`` of ``everyone``.

    The newest would tell a fairer story than is true: who leaves is silent, and so among the older.
    """
    every = -(-everyone // wanted)
    if every <= 1:
        return session.scalars(instances).all()
    place = func.row_number().over(order_by=JourneyInstance.started_at).label("place")
    numbered = instances.add_columns(place).subquery()
    return session.scalars(select(numbered.c.instance_id).where(numbered.c.place % every == 0)).all()


def read(
    session: Session, workspace_id: uuid.UUID, journey: str, instances: Instances | Sequence[str]
) -> Iterator[Instance]:
    """The visits of each instance in order of time; instances without any are left out."""
    records = union_all(*_records(workspace_id, journey, instances)).order_by("instance", "at")
    rows = session.execute(records.execution_options(yield_per=1000))
    for _, found in groupby(rows, key=lambda row: row.instance):
        yield _visits(list(found))


def _visits(records: Sequence[Any]) -> list[Visit]:
    met = [(place, at) for _, place, at, triggered in records if not triggered]
    return [
        Visit(place, at)
        for _, place, at, triggered in records
        if not (triggered and any(place == there and abs(at - then) <= SAME_CONTACT for there, then in met))
    ]


def _records(
    workspace_id: uuid.UUID, journey: str, instances: Instances | Sequence[str]
) -> Iterator[Select[str | None, str, datetime, bool]]:
    """(instance, touchpoint, at, triggered) of all that is recorded; a trigger's instance stands in its decision."""
    met = ((Interaction, Interaction.touchpoint != NOWHERE), (Response, Response.invitation_id.is_(None)))
    for table, told in met:
        columns = (table.journey_instance.label("instance"), table.touchpoint, table.occurred_at.label("at"))
        mine = (table.workspace_id == workspace_id, table.journey == journey, told)
        query = select(*columns, literal(False).label("triggered"))
        yield query.where(*mine, table.journey_instance.in_(instances))
    columns = (
        Decision.journey_instance.label("instance"),
        Trigger.touchpoint,
        Trigger.occurred_at.label("at"),
    )
    same = (Trigger.workspace_id == Decision.workspace_id) & (Trigger.trigger_id == Decision.trigger_id)
    fits = or_(Trigger.journey == journey, Trigger.journey.is_(None))
    query = select(*columns, literal(True).label("triggered")).join(Trigger, same)
    yield query.where(Decision.workspace_id == workspace_id, fits, Decision.journey_instance.in_(instances))
