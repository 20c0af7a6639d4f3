"""What was said in a window and in the one before, by journey, touchpoint and question: one series each."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.kpis import cube, overviews, series
from collector.kpis.metrics import METRICS
from collector.statistics import total
from collector.surveys import MetricSeries


@dataclass(frozen=True)
class Window:
    """Days, both ends inclusive, and the first day of the window before, which is as long."""

    first: date
    last: date
    before: date


@dataclass(frozen=True)
class Said:
    """The answers to one question at one place, of the series that leads there; ``of_run``: a run asked it, and nobody else."""

    series_id: uuid.UUID
    now: dict[int, int] = field(default_factory=dict)
    before: dict[int, int] = field(default_factory=dict)
    of_run: bool = False

    @property
    def n(self) -> int:
        return total(self.now)


@dataclass(frozen=True)
class Known:
    """Which series took the place of which, and which are asked by runs."""

    replaced: series.Replaced
    of_runs: Collection[uuid.UUID]


Read = Callable[[Session, uuid.UUID, cube.Slice, date], Iterator[overviews.Count]]
AtTouchpoints = Mapping[str, Mapping[str, Said]]
"""Touchpoint -> metric -> what was said."""


def metrics_in_use(session: Session, workspace_id: uuid.UUID) -> list[str]:
    """The metrics that are asked for anywhere in the workspace: most ask for one or two."""
    query = select(MetricSeries.metric).where(MetricSeries.workspace_id == workspace_id).distinct()
    return sorted(set(session.scalars(query)) & set(METRICS))


def by_journey(
    session: Session, workspace_id: uuid.UUID, window: Window, journey: str | None = None, **view: Any
) -> dict[str, dict[str, dict[str, Said]]]:
    """Journey -> touchpoint -> metric -> what customers who were asked said there.

    ``view`` asks a slice for other answers: volunteered ones, those of employees or partners.
    """
    known = _known(session, workspace_id)
    places: dict[tuple[str, str, str], list[overviews.Count]] = defaultdict(list)
    for metric, count in _counts(
        overviews.by_journey, known, session, workspace_id, window, journey=journey, **view
    ):
        if count.journey:
            places[count.journey, count.touchpoint, metric].append(count)
    found: dict[str, dict[str, dict[str, Said]]] = defaultdict(lambda: defaultdict(dict))
    for (key, touchpoint, metric), counts in places.items():
        found[key][touchpoint][metric] = _of_leading(counts, known)
    return {key: dict(touchpoints) for key, touchpoints in found.items()}


def at_touchpoints(
    session: Session, workspace_id: uuid.UUID, window: Window, touchpoints: Iterable[str], **view: Any
) -> dict[str, dict[str, Said]]:
    """Touchpoint -> metric -> what was said there, on whatever journey: for answers that came unasked and have none."""
    known, where = _known(session, workspace_id), tuple(touchpoints)
    places: dict[tuple[str, str], list[overviews.Count]] = defaultdict(list)
    for metric, count in _counts(
        overviews.by_touchpoint, known, session, workspace_id, window, touchpoints=where, **view
    ):
        places[count.touchpoint, metric].append(count)
    found: dict[str, dict[str, Said]] = defaultdict(dict)
    for (touchpoint, metric), counts in places.items():
        found[touchpoint][metric] = _of_leading(counts, known)
    return dict(found)


def about_journeys(
    session: Session, workspace_id: uuid.UUID, window: Window, journey: str | None = None
) -> dict[str, dict[str, Said]]:
    """Journey -> metric -> what customers said of the journey as a whole, wherever its end was."""
    known = _known(session, workspace_id)
    places: dict[tuple[str, str], list[overviews.Count]] = defaultdict(list)
    for metric, count in _counts(
        overviews.by_journey, known, session, workspace_id, window, journey=journey, target="journey"
    ):
        places[count.journey, metric].append(count)
    found: dict[str, dict[str, Said]] = defaultdict(dict)
    for (key, metric), counts in places.items():
        found[key][metric] = _of_leading(counts, known)
    return dict(found)


def _known(session: Session, workspace_id: uuid.UUID) -> Known:
    return Known(series.replaced(session, workspace_id), series.of_runs(session, workspace_id))


def _counts(
    read: Read, known: Known, session: Session, workspace_id: uuid.UUID, window: Window, **chosen: Any
) -> Iterator[tuple[str, overviews.Count]]:
    """(metric, count) of each question in use, over a window and the one before; no run's at a place that has others."""
    found: dict[uuid.UUID, str] = {}
    counts: list[overviews.Count] = []
    for metric in metrics_in_use(session, workspace_id):
        wanted = cube.Slice(metric, since=window.before, until=window.last, **chosen)
        for count in read(session, workspace_id, wanted, window.first):
            found[count.series] = metric
            counts.append(count)
    for count in series.standing(counts, known.of_runs, lambda count: (count.journey, count.touchpoint)):
        yield found[count.series], count


def answers(said: AtTouchpoints, about: Mapping[str, Said]) -> int:
    """How many answers a journey has in a window: to every question along it and about it, of the series that lead."""
    return sum(each.n for metrics in (*said.values(), about) for each in metrics.values())


def most_answered(about: Mapping[str, Said]) -> str | None:
    """The question that the journey's score is read from; None while nobody has said anything of the whole."""
    asked = {metric: each.n for metric, each in about.items() if each.n}
    return max(asked, key=lambda metric: (asked[metric], metric), default=None)


def _of_leading(counts: Iterable[overviews.Count], known: Known) -> Said:
    every = list(counts)
    sizes: dict[uuid.UUID, int] = {}
    for count in every:
        sizes[count.series] = sizes.get(count.series, 0) + count.n
    leads = series.leading(sizes, known.replaced)
    assert leads is not None, "a count has answers"
    said = Said(leads, of_run=leads in known.of_runs)
    for count in every:
        if count.series == leads:
            _add(said.now, count.score, count.now)
            _add(said.before, count.score, count.n - count.now)
    return said


def _add(cells: dict[int, int], score: int, n: int) -> None:
    if n:
        cells[score] = cells.get(score, 0) + n


def of_its_own(said: AtTouchpoints) -> dict[str, dict[str, Said]]:
    """What others were asked than those whom a run chose: nothing else is compared."""
    return {
        touchpoint: {key: each for key, each in metrics.items() if not each.of_run}
        for touchpoint, metrics in said.items()
    }


def leading_metric(said: AtTouchpoints, named: str | None = None) -> str | None:
    """The question that a journey is read by: the one its file names, once it has answers; else the one asked at most
    of its touchpoints, then the one with most answers."""
    places: dict[str, tuple[int, int]] = {}
    for metrics in said.values():
        for key, each in metrics.items():
            asked, n = places.get(key, (0, 0))
            places[key] = (asked + 1, n + each.n) if each.n else (asked, n)
    measured = {key: counts for key, counts in places.items() if counts[0]}
    if named in measured:
        return named
    return max(measured, key=lambda key: (measured[key], key), default=None)
