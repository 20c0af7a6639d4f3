"""What customers did on a journey, from what is recorded: the visits of each journey instance, in order of time.

A visit is an interaction at a touchpoint, an answer that came without an invitation (such as one given on the phone), or
a trigger. Where several of these tell of the same contact (the same transaction at the same touchpoint, or within ten
minutes), it is one visit. The answer to an invitation is no visit: it may come days later. Everything that is said of
visits, ways and waits is read from here.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import groupby
from typing import Any

from sqlalchemy import Select, bindparam, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from collector import journeys, prepared
from collector.db import UtcDateTime
from collector.interactions import NOWHERE, Interaction, JourneyInstance
from collector.invitations import Decision, Trigger
from collector.kpis import evenly as evenly_over
from collector.kpis.paths import Instance, Visit
from collector.responses import Response

SAME_CONTACT = timedelta(minutes=10)
"""Records of different kinds so close to each other at the same touchpoint tell of the same contact."""
COUNTED = {journeys.scoping.COUNTED: True}
KINDS = ("interaction", "answer", "trigger")
"""Whose word counts where several kinds tell of one contact."""

FEW = 20_000
"""Up to so many instances are counted, and chosen from one by one."""
GLANCE = 1 / 64
"""So much of a time is looked at to see about how many began in it."""
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


@dataclass(frozen=True)
class Chosen:
    """Ids of some instances of ``all``; of more than ``FEW`` that is about how many there are (``is_about``)."""

    ids: Sequence[str]
    all: int
    is_about: bool = False


def evenly(
    session: Session, workspace_id: uuid.UUID, journey: str, since: datetime, until: datetime, wanted: int
) -> Chosen:
    """Some of the instances that began in a time, evenly over it: every second, third, ... or, of very many, about so many.

    The newest would tell a fairer story than is true: who leaves is silent, and so among the older.
    """
    instances = begun(workspace_id, journey, since, until)
    everyone = _count(session, instances.limit(FEW + 1))
    found = _of_many(session, workspace_id, journey, (since, until), wanted) if everyone > FEW else None
    if found is not None:
        return found
    everyone = _count(session, instances) if everyone > FEW else everyone
    every = max(1, -(-everyone // wanted))
    place = func.row_number().over(order_by=JourneyInstance.started_at).label("place")
    numbered = instances.add_columns(place).subquery()
    some = select(numbered.c.instance_id).where(numbered.c.place % every == 0)
    return Chosen(session.scalars(some, execution_options=COUNTED).all(), everyone)


def _count(session: Session, instances: Instances) -> int:
    return session.scalar(select(func.count()).select_from(instances.subquery())) or 0


def _of_many(
    session: Session, workspace_id: uuid.UUID, journey: str, time: evenly_over.Window, wanted: int
) -> Chosen | None:
    """Two looks at parts of the time in which any began: how many there are about, then so large a part that it holds those wanted.

    None where that comes out otherwise: they come in bursts, and no part tells of the whole.
    """
    given, began = {"workspace_id": workspace_id, "journey": journey}, JourneyInstance.started_at
    all_of = begun(workspace_id, journey, *time)
    first, last = (
        session.scalars(all_of.with_only_columns(end(began))).one() for end in (func.min, func.max)
    )

    def within(share: float, wanted: str) -> list[Any]:
        parts = evenly_over.parts(given, first, last, share)
        return [row[0] for row in prepared.send(session, _in_window(wanted), parts)]

    about = round(sum(within(GLANCE, "n")) / GLANCE)
    share = wanted / max(about, wanted)
    if about <= FEW / 2 or not wanted / 2 <= sum(within(share, "n")) <= wanted * 2:
        return None
    return Chosen(within(share, "id"), int(float(f"{about:.2g}")), is_about=True)


@cache
def _in_window(wanted: str) -> Select[Any]:
    """The ``id`` of each instance that began in a window, or their number ``n``."""
    table = JourneyInstance
    since, until = (bindparam(name, type_=UtcDateTime) for name in ("since", "until"))
    same = (table.workspace_id == bindparam("workspace_id"), table.journey == bindparam("journey"))
    found: Select[Any] = select(func.count()) if wanted == "n" else select(table.instance_id)
    return found.select_from(table).where(*same, table.started_at >= since, table.started_at < until)


def read(
    session: Session, workspace_id: uuid.UUID, journey: str, instances: Instances | Sequence[str]
) -> Iterator[Instance]:
    """The visits of each instance in order of time; instances without any are left out."""
    records = union_all(*_records(workspace_id, journey, instances)).order_by("instance", "at")
    rows = session.execute(records.execution_options(yield_per=1000), execution_options=COUNTED)
    for _, found in groupby(rows, key=lambda row: row.instance):
        yield _visits(list(found))


def _visits(records: Sequence[Any]) -> list[Visit]:
    kept: list[Any] = []
    for kind in KINDS:
        told = [record for record in records if record.kind == kind]
        kept += [record for record in told if not any(_is_same_contact(record, there) for there in kept)]
    return [Visit(record.touchpoint, record.at) for record in sorted(kept, key=lambda record: record.at)]


def _is_same_contact(one: Any, other: Any) -> bool:
    if one.touchpoint != other.touchpoint or one.kind == other.kind:
        return False
    is_same_transaction = one.transaction is not None and one.transaction == other.transaction
    return is_same_transaction or bool(abs(one.at - other.at) <= SAME_CONTACT)


def _records(
    workspace_id: uuid.UUID, journey: str, instances: Instances | Sequence[str]
) -> Iterator[Select[str | None, str, datetime, str | None, str]]:
    """(instance, touchpoint, at, transaction, kind) of what is recorded; a trigger's instance stands in its decision."""
    met = (
        ("interaction", Interaction, Interaction.touchpoint != NOWHERE),
        ("answer", Response, Response.invitation_id.is_(None)),
    )
    for kind, table, told in met:
        columns = (table.journey_instance.label("instance"), table.touchpoint, table.occurred_at.label("at"))
        mine = (table.workspace_id == workspace_id, table.journey == journey, told)
        query = select(*columns, table.transaction, literal(kind).label("kind"))
        yield query.where(*mine, table.journey_instance.in_(instances))
    columns = (
        Decision.journey_instance.label("instance"),
        Trigger.touchpoint,
        Trigger.occurred_at.label("at"),
    )
    same = (Trigger.workspace_id == Decision.workspace_id) & (Trigger.trigger_id == Decision.trigger_id)
    fits = or_(Trigger.journey == journey, Trigger.journey.is_(None))
    query = select(*columns, Trigger.transaction, literal("trigger").label("kind")).join(Trigger, same)
    yield query.where(Decision.workspace_id == workspace_id, fits, Decision.journey_instance.in_(instances))
