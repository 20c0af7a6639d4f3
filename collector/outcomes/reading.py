"""Outcomes as they stand: a page of them, how many are joined to a customer who was met here, what others measured."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from collector import journeys
from collector.interactions import Interaction, JourneyInstance
from collector.outcomes import kinds
from collector.outcomes.models import KpiValue, Outcome
from collector.responses import Response
from collector.statistics import K

LOOKED_AT = 2000
"""Of so many of a kind, the newest, it is looked up whether their customers were met."""
MOST_VALUES = 1000
COUNTED = {journeys.scoping.COUNTED: True}


@dataclass(frozen=True)
class Joined:
    """The outcomes of a kind: how many, how many of the newest are joined, and their sum (None under five)."""

    kind: str
    unit: str
    outcomes: int
    looked_at: int
    joined: int
    total: float | None


def summary(session: Session, workspace_id: uuid.UUID) -> list[Joined]:
    """Each kind and unit that there is."""
    columns = (Outcome.kind, Outcome.unit, func.count(), func.sum(Outcome.amount))
    query = select(*columns).where(Outcome.workspace_id == workspace_id)
    grouped = query.group_by(Outcome.kind, Outcome.unit).order_by(Outcome.kind, Outcome.unit)
    rows = session.execute(grouped, execution_options=COUNTED).all()
    return [_joined(session, workspace_id, *row) for row in rows]


def _joined(session: Session, workspace_id: uuid.UUID, kind: str, unit: str, n: int, total: Any) -> Joined:
    mine = (Outcome.workspace_id == workspace_id, Outcome.kind == kind, Outcome.unit == unit)
    met = select(is_met().label("met")).where(*mine).order_by(Outcome.occurred_at.desc()).limit(LOOKED_AT)
    found = session.scalars(met, execution_options=COUNTED).all()
    is_sum = kind in kinds.AMOUNTS and n >= K
    return Joined(
        kind, unit, n, len(found), sum(map(bool, found)), kinds.shown(int(total)) if is_sum else None
    )


def is_met() -> ColumnElement[bool]:
    """Whether the customer, or the way, of an outcome was ever met here."""
    places = (Response, Interaction, JourneyInstance)
    by_name = [
        exists().where(table.workspace_id == Outcome.workspace_id, table.customer == Outcome.customer)
        for table in places
    ]
    by_way = exists().where(
        JourneyInstance.workspace_id == Outcome.workspace_id,
        JourneyInstance.instance_id == Outcome.journey_instance,
    )
    return or_(*by_name, by_way)


def listed(
    session: Session, workspace_id: uuid.UUID, kind: str | None, unmatched: bool, after: str, limit: int
) -> Sequence[Outcome]:
    """A page of outcomes by their keys, or of those whose customer nobody has met here."""
    query = select(Outcome).where(Outcome.workspace_id == workspace_id, Outcome.key > after)
    query = query.where(Outcome.kind == kind) if kind else query
    query = query.where(~is_met()) if unmatched else query
    return session.scalars(query.order_by(Outcome.key).limit(limit)).all()


def of_customer(session: Session, workspace_id: uuid.UUID, customer: str, most: int) -> Sequence[Outcome]:
    """What became of a customer, the newest first."""
    query = select(Outcome).where(Outcome.workspace_id == workspace_id, Outcome.customer == customer)
    return session.scalars(query.order_by(Outcome.occurred_at.desc()).limit(most)).all()


def kpi_values(
    session: Session, workspace_id: uuid.UUID, kpi: str | None = None, touchpoint: str | None = None
) -> Sequence[KpiValue]:
    """What others measured, the newest period first."""
    query = select(KpiValue).where(KpiValue.workspace_id == workspace_id)
    query = query.where(KpiValue.kpi == kpi) if kpi else query
    query = query.where(KpiValue.touchpoint == touchpoint) if touchpoint is not None else query
    return session.scalars(
        query.order_by(KpiValue.until.desc(), KpiValue.kpi, KpiValue.touchpoint).limit(MOST_VALUES)
    ).all()


def latest_values(session: Session, workspace_id: uuid.UUID) -> dict[str, list[KpiValue]]:
    """Touchpoint -> the newest value of each KPI and kind there; the whole company's under none."""
    found: dict[str, dict[tuple[str, str], KpiValue]] = {}
    for row in kpi_values(session, workspace_id):
        found.setdefault(row.touchpoint, {}).setdefault((row.kpi, row.kind), row)
    return {touchpoint: list(rows.values()) for touchpoint, rows in found.items()}


def sums(
    session: Session, workspace_id: uuid.UUID, journey: str
) -> dict[tuple[str, str, str], tuple[int, float]]:
    """(touchpoint, kind, unit) -> (how many, their sum) of a journey's amounts; under five are left out."""
    mine = (Outcome.workspace_id == workspace_id, Outcome.journey == journey, Outcome.kind.in_(kinds.AMOUNTS))
    place = (Outcome.touchpoint, Outcome.kind, Outcome.unit)
    query = select(*place, func.count(), func.sum(Outcome.amount)).where(*mine).group_by(*place)
    rows = session.execute(query, execution_options=COUNTED).all()
    return {(at, kind, unit): (n, kinds.shown(int(total))) for at, kind, unit, n, total in rows if n >= K}
