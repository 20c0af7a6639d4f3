"""Reads over all touchpoints at once: in the order of a covering index of the rollup, so that no database must sort.

``both_periods`` follows ``ix_rollup_journey``, ``trends`` follows ``ix_rollup_touchpoint``; 270,000 cells take a tenth
of a second each. For the answers of some people (attributes, variants) see ``cube``.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    case,
    func,
    literal,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session

from collector.kpis import cube
from collector.kpis.metrics import Metric
from collector.kpis.models import Rollup
from collector.responses import Response

Table = type[Rollup] | type[Response]


class Count(NamedTuple):
    """So many answers gave one score at a place: ``now`` from the split on, ``before`` until it."""

    journey: str
    touchpoint: str
    series: uuid.UUID
    score: int
    now: int
    before: int


class Stretch(NamedTuple):
    """``n`` answers of one series within a stretch (its place in the row, from 0), and the sum of what each is worth."""

    touchpoint: str
    series: uuid.UUID
    place: int
    n: int
    worth: float


def both_periods(
    session: Session, workspace_id: uuid.UUID, chosen: cube.Slice, split: date
) -> Iterator[Count]:
    """The answers of a slice by journey, touchpoint, series and score; a group may come twice (counted and not yet)."""
    rollup, place = Rollup, (Rollup.journey, Rollup.touchpoint)
    later, earlier = (
        case((rollup.day >= split, rollup.n), else_=0),
        case((rollup.day < split, rollup.n), else_=0),
    )
    counted = (
        select(*place, _series(rollup), rollup.score, func.sum(later), func.sum(earlier))
        .where(*_conditions(rollup, workspace_id, chosen))
        .group_by(*place, rollup.series_id, rollup.score)
    )
    # Not grouped: to find the few answers that are not counted yet, the partial index must be the better way.
    journey, now = cube.filled(Response, "journey"), case((Response.day >= split, 1), else_=0)
    tail = select(journey, Response.touchpoint, _series(Response), Response.score, now, 1 - now)
    both = union_all(counted, tail.where(*_conditions(Response, workspace_id, chosen)))
    for at, touchpoint, series, score, since, until in session.execute(both).all():
        yield Count(at, touchpoint, _uuid(series), score, int(since), int(until))


def trends(
    session: Session, workspace_id: uuid.UUID, chosen: cube.Slice, metric: Metric, starts: Sequence[date]
) -> Iterator[Stretch]:
    """The answers of a slice by touchpoint, series and stretch; ``starts`` are the stretches' first days, in order."""

    days = union_all(*(_days(table, workspace_id, chosen, metric) for table in (Rollup, Response))).subquery()
    place = _place(days.c.day, list(enumerate(starts)))
    groups = (days.c.touchpoint, days.c.series, place)
    query = select(*groups, func.sum(days.c.n), func.sum(days.c.worth)).group_by(*groups)
    for touchpoint, series, at, count, worth in session.execute(query):
        yield Stretch(touchpoint, _uuid(series), int(at), int(count), float(worth))


def _days(table: Table, workspace_id: uuid.UUID, chosen: cube.Slice, metric: Metric) -> Select[Any]:
    """Answers by touchpoint, series and day. Only a whole workspace's rollup is summed here: fewer rows are sorted quickly."""
    n = _n(table)
    columns = (table.touchpoint, _series(table).label("series"), table.day.label("day"))
    conditions = _conditions(table, workspace_id, chosen)
    if table is Response or chosen.journey is not None:
        each = select(*columns, n.label("n"), (n * _worth(table, metric)).label("worth"))
        return each.where(*conditions)
    summed = select(*columns, func.sum(n).label("n"), func.sum(n * _worth(table, metric)).label("worth"))
    return summed.where(*conditions).group_by(table.touchpoint, table.day, table.series_id)


def _worth(table: Table, metric: Metric) -> ColumnElement[int]:
    """What one answer adds to the leading number: the mean over all answers is the figure's value."""
    if metric.kind == "mean":
        return type_coerce(table.score, Integer)
    worst = -100 if metric.kind == "net" else 0
    return case((table.score.in_(metric.top), 100), (table.score.in_(metric.bottom), worst), else_=0)


def _place(day: ColumnElement[date], starts: list[tuple[int, date]]) -> ColumnElement[int]:
    """The stretch of a day by halving: four comparisons for thirteen stretches."""
    if len(starts) == 1:
        return literal(starts[0][0], literal_execute=True)
    half = len(starts) // 2
    return case((day < starts[half][1], _place(day, starts[:half])), else_=_place(day, starts[half:]))


def _conditions(table: Table, workspace_id: uuid.UUID, chosen: cube.Slice) -> list[ColumnElement[bool]]:
    found = [table.workspace_id == workspace_id, *cube.conditions(table, chosen)]
    return found if table is Rollup else [*found, *cube.UNCOUNTED]


def _n(table: Table) -> ColumnElement[int]:
    return type_coerce(Rollup.n, Integer) if table is Rollup else literal(1)


def _series(table: Table) -> ColumnElement[Any]:
    """The series as the database has it: to make a UUID of it in each of ten thousand rows is the dear part."""
    return type_coerce(table.series_id, String)


@lru_cache(maxsize=5000)
def _known(text: str) -> uuid.UUID:
    return uuid.UUID(text)


def _uuid(value: str | uuid.UUID) -> uuid.UUID:
    return value if isinstance(value, uuid.UUID) else _known(value)
