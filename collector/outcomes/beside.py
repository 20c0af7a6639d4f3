"""What became of customers beside what they had answered before: per touchpoint, question, kind and score band."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from itertools import groupby
from math import ceil, log2
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, select, union_all
from sqlalchemy.orm import Session

from collector import days, journeys, lists, prepared
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
    if few := sorted({*touchpoints} - {*many}):
        yield from _of(session, workspace_id, Response.touchpoint.in_(few), year)
    for touchpoint, n in many.items():
        ids = _some(session, workspace_id, touchpoint, n, year)
        which = lists.any_of(
            Response.__table__.c.response_id, "ids"
        )  # they are of this touchpoint: by its index all would be read
        yield from _of(session, workspace_id, which, year, ids)


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


def _some(session: Session, workspace_id: uuid.UUID, touchpoint: str, n: int, year: int) -> list[uuid.UUID]:
    """Ids of between a half of ``MOST`` and ``MOST`` answers, evenly over the year; the same until there are twice as many."""
    since, until = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    share = 0.5 ** ceil(log2(n / MOST))
    given = {"workspace_id": workspace_id, "touchpoint": touchpoint}
    parts = [{**given, "since": opens, "until": ends} for opens, ends in evenly.windows(since, until, share)]
    return [row.response_id for row in prepared.send(session, _in_window(), parts)]


@cache
def _in_window() -> Select[uuid.UUID]:
    table = Response
    same = table.workspace_id == bindparam("workspace_id"), table.touchpoint == bindparam("touchpoint")
    since, until = (bindparam(name, type_=UtcDateTime) for name in ("since", "until"))
    return select(table.response_id).where(*same, table.occurred_at >= since, table.occurred_at < until)


def _of(
    session: Session,
    workspace_id: uuid.UUID,
    which: ColumnElement[bool],
    year: int,
    ids: Sequence[uuid.UUID] = (),
) -> Iterator[Line]:
    rows = session.execute(
        _told(workspace_id, which, year), {"ids": ids} if ids else None, execution_options=COUNTED
    )
    for key, found in groupby(rows, key=lambda row: tuple(row[:5])):
        touchpoint, metric, series_id, kind, unit = key
        is_flag = kind in kinds.FLAGS
        people = association.people((Told(*row[5:]) for row in found), is_flag)
        bands = {band: [each for each in people if band_of(metric, each.score) == band] for band in BANDS}
        shown = "%" if is_flag else unit
        yield Line(touchpoint, metric, series_id, kind, shown, association.by_band(bands, is_flag))


def _told(workspace_id: uuid.UUID, which: ColumnElement[bool], year: int) -> Select[Any]:
    """Answers of a year with the outcomes of those who gave them; who is known by a way alone is found by it."""
    by_name = Response.customer == Outcome.customer
    by_way = and_(Response.journey_instance == Outcome.journey_instance, Outcome.customer.is_(None))
    parts = [_pairs(workspace_id, which, year, same) for same in (by_name, by_way)]
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


def _pairs(workspace_id: uuid.UUID, which: ColumnElement[bool], year: int, same: Any) -> Select[Any]:
    answer = Response
    columns: Sequence[Any] = (
        answer.touchpoint, answer.metric, answer.series_id, Outcome.kind, Outcome.unit,
        func.coalesce(Outcome.customer, Outcome.journey_instance).label("person"), answer.score,
        answer.occurred_at.label("answered_at"), Outcome.amount, Outcome.occurred_at, Outcome.received_at, Outcome.key,
    )  # fmt: skip
    joined = and_(answer.workspace_id == Outcome.workspace_id, same)
    here = Outcome.workspace_id == workspace_id, answer.workspace_id == workspace_id
    query = select(*columns).join(answer, joined).where(*here)
    asked = (
        answer.source.in_(cube.SOLICITED),
        answer.respondent == "customer",
        answer.target == "touchpoint",
    )
    since, until = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    given = (
        answer.day >= date(year, 1, 1),
        answer.day <= date(year, 12, 31),
        answer.occurred_at.between(since - days.A_DAY, until + days.A_DAY),  # as the index has them
        answer.score.is_not(None),
    )
    return query.where(which, *asked, *given)
