"""Figures over time and by group, as ``GET /api/v1/kpis`` answers them."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import errors, journeys
from collector.kpis import cube
from collector.kpis.metrics import METRICS, Metric
from collector.kpis.scores import Figure, figure, withheld
from collector.surveys import MetricSeries

GROUPS = ("touchpoint", "owner", "channel", "persona", "variant", "journey")
MOST_POINTS = 4000
Key = tuple[str | None, uuid.UUID, str]
"""Group, series and source."""


@dataclass(frozen=True)
class Point:
    """One figure of the days ``start`` to ``end`` (both inclusive; None: no bound).

    ``is_cut``: a week or month of which the period holds only some days.
    """

    start: date | None
    end: date | None
    figure: Figure
    is_cut: bool = False


@dataclass(frozen=True)
class Line:
    """The points of one group and one series; ``group`` is None where nothing was grouped by.

    ``series`` None: nobody answered. ``source`` keeps imports apart.
    """

    group: str | None
    points: list[Point]
    series: MetricSeries | None = None
    source: str | None = None


def metric_named(key: str) -> Metric:
    """The metric of a key; raises 422 for one that is not in the registry."""
    if key not in METRICS:
        known = ", ".join(METRICS)
        raise errors.BadInput(
            f"There is no metric {key!r}.", "unknown_metric", {"metric": [f"must be one of: {known}"]}
        )
    return METRICS[key]


def lines(
    session: Session,
    workspace_id: uuid.UUID,
    chosen: cube.Slice,
    interval: str | None = None,
    group_by: str | None = None,
) -> list[Line]:
    """The figures of a slice: one line per group and series, one point per bucket; never a sum over series.

    What is split by who the customers are, and released by no closed group, is withheld.
    """
    metric = metric_named(chosen.metric)
    by = [] if group_by is None else ["touchpoint"] if group_by == "owner" else [group_by]
    found = cube.read_cells(session, workspace_id, chosen, [*by, "series_id", "source"], interval)
    groups = _groups(session, workspace_id, found, group_by)
    personal = cube.about_people(chosen, by) is not None
    if not groups and group_by is None:
        return [Line(None, list(_points(metric, [], chosen, interval, personal)))]
    known = _series(session, workspace_id, {series_id for _, series_id, _ in groups})
    return [
        Line(key, list(_points(metric, cells, chosen, interval, personal)), known.get(series_id), source)
        for (key, series_id, source), cells in groups.items()
    ]


def _series(
    session: Session, workspace_id: uuid.UUID, ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, MetricSeries]:
    table = MetricSeries
    found = session.scalars(select(table).where(table.workspace_id == workspace_id, table.series_id.in_(ids)))
    return {row.series_id: row for row in found}


def _groups(
    session: Session, workspace_id: uuid.UUID, found: Sequence[cube.Cell], group_by: str | None
) -> dict[Key, list[cube.Cell]]:
    groups: dict[Key, list[cube.Cell]] = {}
    owners = journeys.owners_of_all(session, workspace_id) if group_by == "owner" else {}
    for cell in found:
        *named, series_id, source = cell.group
        key = str(named[0]) if named else None
        for name in owners.get(str(key), [""]) if group_by == "owner" else [key]:
            groups.setdefault((name, series_id, source), []).append(cell)
    return dict(sorted(groups.items(), key=lambda item: (item[0][0] or "", item[0][1])))


def _points(
    metric: Metric,
    found: list[cube.Cell],
    chosen: cube.Slice,
    interval: str | None,
    personal: bool,
) -> Iterator[Point]:
    def shown(cells: Sequence[cube.Cell]) -> Figure:
        return withheld(metric) if personal and not cells else figure(metric, cube.merge(cells))

    if interval is None:
        yield Point(chosen.since, chosen.until, shown(found))
        return
    buckets: dict[date, list[cube.Cell]] = {}
    for cell in found:
        if cell.start is not None:
            buckets.setdefault(cell.start, []).append(cell)
    for start in _starts(buckets, chosen, interval):
        end = _end(start, interval)
        yield Point(start, end, shown(buckets.get(start, [])), _is_cut(start, end, chosen))


def _is_cut(start: date, end: date, chosen: cube.Slice) -> bool:
    return (chosen.since is not None and start < chosen.since) or (
        chosen.until is not None and chosen.until < end
    )


def _starts(buckets: Mapping[date, object], chosen: cube.Slice, interval: str) -> Iterator[date]:
    """Each bucket from the first to the last day asked for (or answered on): an empty one is a gap, not a zero."""
    if not buckets and (chosen.since is None or chosen.until is None):
        return
    start = _start(chosen.since, interval) if chosen.since else min(buckets)
    last = chosen.until or max(buckets)
    for _ in range(MOST_POINTS):
        if start > last:
            return
        yield start
        start = _end(start, interval) + timedelta(days=1)
    raise errors.BadInput(
        "That is too many points; choose a longer interval or a shorter time.",
        "too_many_points",
        {"interval": ["too fine"]},
    )


def _start(day: date, interval: str) -> date:
    if interval == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if interval == "month" else day


def _end(start: date, interval: str) -> date:
    if interval == "week":
        return start + timedelta(days=6)
    if interval == "month":
        return (start.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return start
