"""What became of customers beside what they had answered before: per touchpoint, question, kind and score band."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import groupby
from math import ceil, log2
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, select, union_all
from sqlalchemy.orm import Session, aliased

from collector import days, db, journeys, prepared
from collector.db import UtcDateTime
from collector.kpis import BANDS, METRICS, Rollup, band_of, cube, evenly, series
from collector.outcomes import association, kinds
from collector.outcomes.association import BandFigure, Told
from collector.outcomes.models import Outcome
from collector.responses import Response

MOST = 5_000
"""Of more answers at a touchpoint in a year, no more than so many are read, evenly over the year."""
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
    many = _many(session, workspace_id, touchpoints, year)
    for touchpoint in sorted(touchpoints):
        parts = _parts(session, workspace_id, touchpoint, year, many.get(touchpoint, 0))
        rows = sorted(prepared.send(session, _told(), parts), key=_order)
        for (metric, series_id, kind, unit), found in groupby(rows, key=lambda row: tuple(row[:4])):
            is_flag = kind in kinds.FLAGS
            people = association.people((Told(*row[4:10]) for row in found), is_flag)
            bands = {band: [each for each in people if band_of(metric, each.score) == band] for band in BANDS}
            shown = "%" if is_flag else unit
            yield Line(touchpoint, metric, series_id, kind, shown, association.by_band(bands, is_flag))


def _order(row: Any) -> tuple[Any, ...]:
    return row.metric, row.series_id, row.kind, row.unit, row.received_at, row.key


def _many(
    session: Session, workspace_id: uuid.UUID, touchpoints: Collection[str], year: int
) -> dict[str, int]:
    """The touchpoints with more than ``MOST`` answers in the year, and how many they have."""
    n = func.sum(Rollup.n)
    query = select(Rollup.touchpoint, n).where(
        Rollup.workspace_id == workspace_id,
        Rollup.metric.in_(METRICS),
        Rollup.target == "touchpoint",
        Rollup.touchpoint.in_(sorted(touchpoints)),
        Rollup.day.between(date(year, 1, 1), date(year, 12, 31)),
    )
    rows = session.execute(query.group_by(Rollup.touchpoint).having(n > MOST), execution_options=COUNTED)
    return {touchpoint: int(answers) for touchpoint, answers in rows}


def _parts(
    session: Session, workspace_id: uuid.UUID, touchpoint: str, year: int, n: int
) -> list[dict[str, Any]]:
    """What is read of a year's answers: all, or of ``n`` so many in between a half of ``MOST`` and ``MOST``, evenly.

    Which they are stays the same until there are twice as many. Where no part tells of the whole, since they came in
    bursts, all are read.
    """
    first, last = date(year, 1, 1), date(year, 12, 31)
    since, until = days.bounds(first - days.A_DAY, last + days.A_DAY, "UTC")  # its days are some zone's
    given = {"workspace_id": workspace_id, "touchpoint": touchpoint, "first": first, "last": last}
    whole = [{**given, "since": since, "until": until}]
    if n <= MOST:
        return whole
    share = 0.5 ** ceil(log2(n / MOST))
    some = evenly.parts(given, since, until, share)
    found = sum(row[0] for row in prepared.send(session, _number(), some))
    return some if MOST / 4 <= found <= MOST * 2 else whole


@cache
def _number() -> Select[int]:
    table = Response
    since, until = (bindparam(name, type_=UtcDateTime) for name in ("since", "until"))
    same = table.workspace_id == bindparam("workspace_id"), table.touchpoint == bindparam("touchpoint")
    return select(func.count()).where(*same, table.occurred_at >= since, table.occurred_at < until)


@cache
def _told() -> Select[Any]:
    """Answers in a window with the outcomes of those who gave them; who is known by a way alone is found by it."""
    by_name = _pairs(Response.customer == Outcome.customer).where(~_earlier())
    same_way = Response.journey_instance == Outcome.journey_instance
    by_way = _pairs(and_(same_way, Outcome.customer.is_(None)))
    told = union_all(by_name, by_way).subquery()
    return select(*told.c)


def _pairs(same: ColumnElement[bool]) -> Select[Any]:
    answer = Response
    columns: Sequence[Any] = (
        answer.metric, answer.series_id, Outcome.kind, Outcome.unit,
        func.coalesce(Outcome.customer, Outcome.journey_instance).label("person"), answer.score,
        answer.occurred_at.label("answered_at"), Outcome.amount, Outcome.occurred_at, Outcome.received_at, Outcome.key,
    )  # fmt: skip
    here: Any = bindparam("workspace_id")
    since, until = (bindparam(name, type_=UtcDateTime) for name in ("since", "until"))
    return (
        select(*columns)
        .join(answer, and_(answer.workspace_id == Outcome.workspace_id, same))
        .where(
            Outcome.workspace_id == here,
            answer.workspace_id == here,
            answer.touchpoint == bindparam("touchpoint"),
            answer.occurred_at >= since,
            answer.occurred_at < until,
            answer.day.between(bindparam("first"), bindparam("last")),
            answer.source.in_([db.constant(source) for source in cube.SOLICITED]),
            answer.respondent == db.constant("customer"),
            answer.target == db.constant("touchpoint"),
            answer.score.is_not(None),
        )
    )


def _earlier() -> ColumnElement[bool]:
    """Whether a customer had given an answer to the same question there before, in the same year.

    Looked for here, since of those who answered often an earlier one may lie in no window. Place and time are told so that
    no index takes them: a place has had many answers, a customer few.
    """
    answer, other = Response, aliased(Response)
    before = func.coalesce(other.occurred_at, answer.occurred_at) < answer.occurred_at
    return exists().where(
        other.workspace_id == answer.workspace_id,
        other.customer == answer.customer,
        func.coalesce(other.touchpoint, "") == answer.touchpoint,
        other.series_id == answer.series_id,
        other.source.in_([db.constant(source) for source in cube.SOLICITED]),
        other.respondent == db.constant("customer"),
        other.target == db.constant("touchpoint"),
        other.score.is_not(None),
        other.day >= bindparam("first"),
        before,
    )
