"""One touchpoint: how the answers spread, how they moved, how they compare with the period before."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import days, journeys
from collector.dashboard import readings, sources
from collector.dashboard.period import Period
from collector.dashboard.readings import Reading, Tally, figure_of
from collector.dashboard.sources import Chosen
from collector.dashboard.who_answered import Reach, Responders, reach, stations, who_answered, who_was_asked
from collector.insights import recovery
from collector.journeys import Journey, Stakeholder, Touchpoint
from collector.kpis import (
    Figure,
    Metric,
    control,
    cube,
    metrics_in_use,
    overviews,
    series,
    verdicts,
)
from collector.statistics import merged, total
from collector.surveys import MetricSeries


@dataclass(frozen=True)
class Stretch:
    """One stretch of the trend with its figure, and the control limits where there is enough to know them by."""

    period: Period
    figure: Figure
    limits: control.Limits | None = None


@dataclass(frozen=True)
class Break:
    """The question changed on ``day``: what lies before cannot be compared. ``why`` names the facets that changed."""

    day: date
    why: tuple[str, ...]


@dataclass(frozen=True)
class Here:
    """What is stated of this touchpoint, by the answers of one journey."""

    journey: Journey
    verdict: verdicts.Verdict


@dataclass(frozen=True)
class Compared:
    """This period against the one before, in the metric's unit, over the answers of all journeys.

    ``moved``: what is stated of it, journey by journey; empty where the difference may be chance.
    """

    before: Figure
    change: float
    moved: tuple[Here, ...]
    is_of_one_journey: bool

    @property
    def verdict(self) -> verdicts.Verdict | None:
        """What is stated of the change that is shown; of one among several journeys it tells only of a part."""
        return self.moved[0].verdict if self.moved and self.is_of_one_journey else None


@dataclass(frozen=True)
class TouchpointPage:
    """All that the page of a touchpoint shows; ``reading`` None without answers, ``hidden`` if too few to be shown.

    ``others``: view -> how many answers it has in the period, of those beside the chosen one.
    ``inside``: what is stated of its channels and of groups of its customers. ``channels``, ``personas`` and ``versions`` (of journeys) are those that the answers of the period have.
    """

    touchpoint: Touchpoint
    owners: tuple[Stakeholder, ...]
    journeys: tuple[Journey, ...]
    chosen: Chosen
    reading: Reading | None
    hidden: bool
    comments_hidden: bool
    trend: tuple[Stretch, ...]
    breaks: tuple[Break, ...]
    compared: Compared | None
    channels: tuple[str, ...]
    personas: tuple[str, ...]
    versions: tuple[int, ...]
    inside: tuple[Here, ...] = ()
    others: Mapping[str, int] = field(default_factory=dict)
    responders: tuple[Responders, ...] = ()
    reach: Reach | None = None
    put_off: int = 0
    pins: Mapping[date, str] = field(default_factory=dict)


def open_touchpoint(session: Session, workspace_id: uuid.UUID, key: str, chosen: Chosen) -> TouchpointPage:
    """The page of a touchpoint; raises 404 for one that is not here."""
    touchpoint = journeys.touchpoint(session, workspace_id, key)
    every = sources.all_tallies(session, workspace_id, chosen)
    replaced = series.replaced(session, workspace_id)
    tallies = sources.leading_series(every, replaced)
    plain = not chosen.narrowings and chosen.version is None and not chosen.view
    asked = who_was_asked(session, workspace_id, chosen, key) if plain else []
    funnel = {key: stations(asked)} if asked else {}
    reading = readings.by_touchpoint(tallies, chosen.period, funnel).get(key)
    is_hidden = bool(chosen.narrowings) and reading is None
    shown = reading
    stated = _stated(session, workspace_id, key, chosen) if shown and plain else []
    on = len(_journeys(session, workspace_id, key, chosen))
    breaks = _breaks(session, workspace_id, every, chosen.period)
    trend = _trend(every, replaced, shown.metric, chosen) if shown else ()
    if shown and not breaks and not chosen.narrowings:
        trend = _limited(shown.metric, trend)
    return TouchpointPage(
        touchpoint=touchpoint,
        owners=tuple(journeys.stakeholder(session, workspace_id, owner) for owner in touchpoint.owners),
        journeys=journeys.journeys_of(session, workspace_id, key),
        chosen=chosen,
        reading=shown,
        hidden=is_hidden,
        comments_hidden=is_hidden,
        trend=trend,
        breaks=breaks,
        compared=_compared(tallies, shown, chosen, stated, on) if shown else None,
        inside=tuple(each for kind in ("channel", "segment") for each in stated if each.verdict.kind == kind),
        others=_others(session, workspace_id, chosen),
        put_off=sources.put_off(session, workspace_id, chosen, key) if asked else 0,
        reach=reach(asked) if asked else None,
        responders=tuple(who_answered(session, workspace_id, chosen, shown.metric.key, asked))
        if asked and shown
        else (),
        pins=recovery.pins(session, workspace_id, key) if plain else {},
        **_values(session, workspace_id, chosen, shown),
    )


def _limited(metric: Metric, trend: tuple[Stretch, ...]) -> tuple[Stretch, ...]:
    """The stretches with their control limits, if there are any."""
    found = control.limits(metric, [each.figure.counts for each in trend])
    return tuple(map(lambda each, limit: replace(each, limits=limit), trend, found)) if found else trend


def _others(session: Session, workspace_id: uuid.UUID, chosen: Chosen) -> dict[str, int]:
    """View -> its answers in the period, whoever gave them; views without any are left out."""
    plain = Chosen(chosen.period, touchpoints=chosen.touchpoints)
    views = [view for view in sources.VIEWS if view != chosen.view]
    slices = [replace(plain, view=view).slice("", chosen.period) for view in views]
    found = overviews.answers(session, workspace_id, slices, metrics_in_use(session, workspace_id))
    return {view: n for view, n in zip(views, found, strict=True) if n}


def _trend(
    every: Sequence[Tally],
    replaced: Mapping[uuid.UUID, uuid.UUID],
    metric: Metric,
    chosen: Chosen,
) -> tuple[Stretch, ...]:
    """Old series too, each in its time; within one stretch only the newest of them."""
    found = []
    for period in chosen.period.buckets():
        inside = [tally for tally in every if tally.metric == metric.key and tally.day in period]
        cells = _cells(sources.leading_series(inside, replaced, least=1))
        found.append(Stretch(period, figure_of(metric, cells)))
    return tuple(found)


def _stated(session: Session, workspace_id: uuid.UUID, key: str, chosen: Chosen) -> list[Here]:
    """What the verdicts of its journeys state of this touchpoint."""
    return [
        Here(journey, verdict)
        for journey in _journeys(session, workspace_id, key, chosen)
        for verdict in verdicts.of_journey(
            session,
            workspace_id,
            chosen.period.window,
            journey.key,
            verdicts.places(session, workspace_id, journey.key),
        ).verdicts
        if verdict.touchpoint == key and verdict.kind in {"period", "channel", "segment"}
    ]


def _journeys(session: Session, workspace_id: uuid.UUID, key: str, chosen: Chosen) -> list[Journey]:
    """The journeys on which it stands, or the one that was chosen."""
    found = journeys.journeys_of(session, workspace_id, key)
    return [journey for journey in found if chosen.journey in (None, journey.key)]


def _compared(
    tallies: Sequence[Tally], reading: Reading, chosen: Chosen, stated: Sequence[Here], on: int
) -> Compared | None:
    earlier = chosen.period.before
    inside = [tally for tally in tallies if tally.metric == reading.metric.key and tally.day in earlier]
    cells = _cells(inside)
    if total(cells) == 0:
        return None
    before, now = figure_of(reading.metric, cells), reading.figure
    if before.value is None or now.value is None:
        return None
    moved = (
        each for each in stated if each.verdict.kind == "period" and each.verdict.metric == reading.metric
    )
    return Compared(before, now.value - before.value, tuple(moved), on == 1)


def _cells(tallies: Iterable[Tally]) -> dict[int, int]:
    return merged({tally.score: tally.n} for tally in tallies)


def _breaks(
    session: Session, workspace_id: uuid.UUID, every: Sequence[Tally], period: Period
) -> tuple[Break, ...]:
    """Series with answers that took the place of others within the period."""
    table, used = MetricSeries, {tally.series for tally in every if tally.series}
    query = select(table.started_at, table.broken_by).where(
        table.workspace_id == workspace_id, table.series_id.in_(used), table.follows.is_not(None)
    )
    found = [
        Break(days.day_of(at, period.zone), tuple(why))
        for at, why in session.execute(query.order_by(table.started_at))
    ]
    return tuple(mark for mark in found if mark.day in period)


def _values(
    session: Session, workspace_id: uuid.UUID, chosen: Chosen, reading: Reading | None
) -> dict[str, Any]:
    """The channels, personas and journey versions that the answers of the period have, to choose from."""
    names = {"channel": "channels", "persona": "personas", "journey_version": "versions"}
    found: dict[str, set[Any]] = {name: set() for name in names}
    if reading is None:
        found["channel"], found["persona"] = {chosen.channel}, {chosen.persona}
        found["journey_version"] = {chosen.version}
    else:
        wide = replace(chosen, channel=None, persona=None, attribute=None, version=None)
        answers = wide.slice(reading.metric.key, chosen.period)
        for by in (("channel", "journey_version"), ("persona",)):
            for cell in cube.read_cells(session, workspace_id, answers, by):
                for name, value in zip(by, cell.group, strict=True):
                    found[name].add(value)
    return {names[name]: tuple(sorted(filter(None, values))) for name, values in found.items()}
