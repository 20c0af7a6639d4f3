"""What became of customers beside what they had answered before: per touchpoint, question, kind and score band."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import Select, and_, func, select, union_all
from sqlalchemy.orm import Session

from collector import journeys
from collector.kpis import BANDS, band_of, cube, series
from collector.outcomes import association, kinds
from collector.outcomes.association import BandFigure, Told
from collector.outcomes.models import Outcome
from collector.responses import Response

COUNTED = {journeys.scoping.COUNTED: True}


@dataclass(frozen=True)
class Line:
    """One kind of outcome beside one question at one touchpoint; ``unit`` is ``%`` where it is a share of customers."""

    touchpoint: str
    metric: str
    series_id: uuid.UUID
    kind: str
    unit: str
    bands: list[BandFigure]

    @property
    def series(self) -> uuid.UUID:
        return self.series_id

    @property
    def n(self) -> int:
        return sum(figure.n for figure in self.bands)

    @property
    def one_sided(self) -> bool:
        return self.kind in kinds.FLAGS and association.is_one_sided(self.bands)


def lines(session: Session, workspace_id: uuid.UUID, touchpoints: Collection[str], year: int) -> list[Line]:
    """Of answers given in a year: one line per touchpoint and kind, of the series that leads there."""
    found = [line for line in _lines(session, workspace_id, touchpoints, year) if line.n]
    replaced = series.replaced(session, workspace_id)
    kept = []
    for place in {_place(line): None for line in found}:
        here = {line.series_id: line for line in found if _place(line) == place}
        leading = series.leading({key: line.n for key, line in here.items()}, replaced)
        kept += [here[leading]] if leading else []
    return kept


def along(session: Session, workspace_id: uuid.UUID, journey: str, year: int) -> list[Line]:
    """The same for the touchpoints of a journey, in the customer's order."""
    steps = journeys.steps(session, workspace_id, journeys.get(session, workspace_id, journey))
    order = {step.touchpoint.key: step.number for step in reversed(steps) if step.touchpoint}
    return sorted(lines(session, workspace_id, order, year), key=lambda line: order[line.touchpoint])


def _place(line: Line) -> tuple[str, str, str]:
    return line.touchpoint, line.kind, line.unit


def _lines(
    session: Session, workspace_id: uuid.UUID, touchpoints: Collection[str], year: int
) -> Iterator[Line]:
    rows = session.execute(_told(workspace_id, touchpoints, year), execution_options=COUNTED)
    for key, found in groupby(rows, key=lambda row: tuple(row[:5])):
        touchpoint, metric, series_id, kind, unit = key
        is_flag = kind in kinds.FLAGS
        people = association.people((Told(*row[5:]) for row in found), is_flag)
        bands = {band: [each for each in people if band_of(metric, each.score) == band] for band in BANDS}
        shown = "%" if is_flag else unit
        yield Line(touchpoint, metric, series_id, kind, shown, association.by_band(bands, is_flag))


def _told(workspace_id: uuid.UUID, touchpoints: Collection[str], year: int) -> Select[Any]:
    """Answers with the outcomes of those who gave them; who is known by a way alone is found by it."""
    by_name = and_(Response.customer == Outcome.customer, Outcome.customer.is_not(None))
    by_way = and_(
        Response.journey_instance == Outcome.journey_instance,
        Outcome.customer.is_(None),
        Outcome.journey_instance.is_not(None),
    )
    parts = [_pairs(workspace_id, touchpoints, year, same) for same in (by_name, by_way)]
    told = union_all(*parts).subquery()
    place = (told.c.touchpoint, told.c.metric, told.c.series_id, told.c.kind, told.c.unit)
    rest = (
        told.c.person,
        told.c.score,
        told.c.answered_at,
        told.c.amount,
        told.c.occurred_at,
        told.c.received_at,
    )
    return select(*place, *rest).order_by(*place, told.c.received_at, told.c.key)


def _pairs(workspace_id: uuid.UUID, touchpoints: Collection[str], year: int, same: Any) -> Select[Any]:
    answer = Response
    columns: Sequence[Any] = (
        answer.touchpoint, answer.metric, answer.series_id, Outcome.kind, Outcome.unit,
        func.coalesce(Outcome.customer, Outcome.journey_instance).label("person"), answer.score,
        answer.occurred_at.label("answered_at"), Outcome.amount, Outcome.occurred_at, Outcome.received_at, Outcome.key,
    )  # fmt: skip
    joined = and_(answer.workspace_id == Outcome.workspace_id, same)
    query = select(*columns).join(answer, joined).where(Outcome.workspace_id == workspace_id)
    asked = (
        answer.source.in_(cube.SOLICITED),
        answer.respondent == "customer",
        answer.target == "touchpoint",
    )
    given = (answer.day >= date(year, 1, 1), answer.day <= date(year, 12, 31), answer.score.is_not(None))
    return query.where(answer.touchpoint.in_(sorted(touchpoints)), *asked, *given)
