"""Where the pages' numbers come from: a few statements each, none of them per row."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector.dashboard.period import Period
from collector.dashboard.readings import Funnel, Tally, Trends
from collector.invitations import Invitation, station
from collector.kpis import METRICS, asks, cube, metrics_in_use, overviews, series
from collector.statistics import LEAST

ABOUT_PEOPLE = ("persona", "attribute")


VIEWS: dict[str, dict[str, Any]] = {
    "": {},
    "volunteered": {"sources": ("volunteered",)},
    "employee": {"respondent": "employee"},
    "partner": {"respondent": "partner"},
    "journey": {"target": "journey"},
    "interaction": {"target": "interaction"},
}
"""Answers that stand apart from those of customers who were asked about the place; each has a view of its own."""


@dataclass(frozen=True)
class Chosen:
    """Which answers a page counts; None means all; ``view`` is one of ``VIEWS``."""

    period: Period
    journey: str | None = None
    touchpoints: tuple[str, ...] | None = None
    channel: str | None = None
    persona: str | None = None
    version: int | None = None
    attribute: tuple[str, str] | None = None
    view: str = ""

    @property
    def narrowings(self) -> tuple[str, ...]:
        """What narrows this to some customers: their groups must stay hidden while they are small."""
        return tuple(name for name in ABOUT_PEOPLE if getattr(self, name) is not None)

    def without(self, name: str) -> Chosen:
        """The same without one narrowing."""
        nothing: dict[str, Any] = {name: None}
        return replace(self, **nothing)

    def slice(self, metric: str, period: Period) -> cube.Slice:
        """The cube's words for it, in a period of its own."""
        return cube.Slice(
            metric,
            touchpoints=self.touchpoints,
            journey=self.journey,
            journey_version=self.version,
            since=period.first,
            until=period.last,
            channel=self.channel,
            persona=self.persona,
            attribute=self.attribute,
            **VIEWS[self.view],
        )


def of_journey(period: Period, journey: str, touchpoints: Iterable[str], view: str) -> Chosen:
    """The answers along a journey; what came unasked belongs to none, and is taken wherever its touchpoints stand."""
    if view == "volunteered":
        return Chosen(period, touchpoints=tuple(touchpoints), view=view)
    return Chosen(period, journey=journey, view=view)


def tallies(session: Session, workspace_id: uuid.UUID, chosen: Chosen) -> list[Tally]:
    """Customers' solicited answers of the period and the one before, of series that may stand in one figure.

    Only the sum of each period is known: it comes as if all had happened on its first or its last day. See ``trends``.
    """
    first, end = chosen.period.first, chosen.period.before.last
    found: list[Tally] = []
    for metric in metrics_in_use(session, workspace_id):
        for count in overviews.by_touchpoint(session, workspace_id, _both(chosen, metric), first):
            for day, n in ((first, count.now), (end, count.n - count.now)):
                if n:
                    found.append(Tally(count.touchpoint, metric, day, count.score, n, count.series))
    return leading_series(_standing(session, workspace_id, found), series.replaced(session, workspace_id))


def trends(session: Session, workspace_id: uuid.UUID, chosen: Chosen, found: Sequence[Tally]) -> Trends:
    """(touchpoint, metric) -> the values of the stretches of the period, of the series that stand in ``found``."""
    places, stretches = chosen.period.bucket_by_day(), len(chosen.period.buckets())
    leading = {tally.series for tally in found}
    sums: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for key in {tally.metric for tally in found}:
        wanted = chosen.slice(key, chosen.period)
        for each in overviews.days(session, workspace_id, wanted, METRICS[key]):
            if each.series in leading:
                row = sums.setdefault((each.touchpoint, key), [(0, 0)] * stretches)
                n, worth = row[places[each.day]]
                row[places[each.day]] = n + each.n, worth + each.worth
    return {at: tuple(worth / n if n else None for n, worth in row) for at, row in sums.items()}


def _both(chosen: Chosen, metric: str) -> cube.Slice:
    return replace(chosen.slice(metric, chosen.period), since=chosen.period.before.first)


def all_tallies(session: Session, workspace_id: uuid.UUID, chosen: Chosen) -> list[Tally]:
    """The answers of all series by touchpoint, metric, series, day and score: for a page of one touchpoint."""
    by, found = ("touchpoint", "series_id"), []
    for metric in metrics_in_use(session, workspace_id):
        for cell in cube.read_cells(session, workspace_id, _both(chosen, metric), by, "day"):
            place, of = cell.group
            found.append(Tally(place, metric, cell.start or chosen.period.first, cell.score, cell.n, of))
    return _standing(session, workspace_id, found)


def _standing(session: Session, workspace_id: uuid.UUID, found: list[Tally]) -> list[Tally]:
    return series.standing(found, series.of_runs(session, workspace_id), lambda tally: tally.touchpoint)


def leading_series(found: Sequence[Tally], replaced: series.Replaced, least: int = LEAST) -> list[Tally]:
    """Keep at each touchpoint, for each question, the answers of the series that leads (see ``kpis.series``)."""
    counts: dict[tuple[str, str], dict[uuid.UUID, int]] = {}
    for tally in found:
        if tally.series is not None:
            of = counts.setdefault((tally.touchpoint, tally.metric), {})
            of[tally.series] = of.get(tally.series, 0) + tally.n
    leads = {place: series.leading(of, replaced, least) for place, of in counts.items()}
    return [tally for tally in found if tally.series == leads.get((tally.touchpoint, tally.metric))]


def funnel(
    session: Session, workspace_id: uuid.UUID, chosen: Chosen, places: Collection[str]
) -> dict[str, Funnel]:
    """touchpoint -> who was asked there, saw the question and answered, of invitations made in the period.

    Whom a run asked is counted on its own page.
    """
    found = asks.read(session, workspace_id, places, chosen.period.stretch, ("touchpoint",), chosen.journey)
    return {each.group[0]: Funnel(each.asked, each.seen, each.answered) for each in found}


def put_off(session: Session, workspace_id: uuid.UUID, chosen: Chosen, place: str) -> int:
    """How many customers put the question off there, of those whom ``funnel`` counts; most of them are asked again."""
    table, (since, until) = Invitation, chosen.period.bounds
    which = [
        table.workspace_id == workspace_id,
        table.touchpoint == place,
        table.created_at >= since,
        table.created_at < until,
        table.later_at.is_not(None),
        station() > 0,
        *([table.journey == chosen.journey] if chosen.journey is not None else []),
    ]
    return session.scalar(select(func.count()).where(*which)) or 0
