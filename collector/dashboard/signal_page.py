"""Signals as pages show them: lists in words, and one with its figures before and since."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from collector import changes, days, journeys
from collector.changes import Change
from collector.dashboard import signal_comments
from collector.dashboard.period import Period
from collector.dashboard.readings import figure_of
from collector.dashboard.touchpoint_page import Stretch
from collector.journeys import Stakeholder
from collector.kpis import METRICS, Metric, cube
from collector.locale import Speaker
from collector.responses import Response
from collector.signals import KINDS, Sentences, Signal, Wanted, reading
from collector.statistics import merged

SHOWN, ON_A_DESK, WEEK, WEEKS = 100, 8, timedelta(days=7), 12


@dataclass(frozen=True)
class SignalPage:
    """All that the page of a signal shows."""

    row: Signal
    owners: tuple[Stakeholder, ...]
    metric: Metric | None
    trend: tuple[Stretch, ...]
    history: tuple[Change, ...]
    comments: tuple[Response, ...] = ()


def open_list(session: Session, workspace_id: uuid.UUID, wanted: Wanted) -> list[Signal]:
    """What concerns many customers first, then what single ones wrote; of each the newest first."""
    found: list[Signal] = []
    for of_one in (False, True):
        kinds = [key for key, kind in KINDS.items() if kind.is_of_one is of_one]
        chosen = [key for key in kinds if wanted.rules is None or key in wanted.rules]
        if chosen and len(found) < SHOWN:
            part = replace(wanted, rules=chosen)
            found += reading.listed(session, workspace_id, part, limit=SHOWN - len(found))
    return found


def mine(session: Session, workspace_id: uuid.UUID, touchpoints: Collection[str]) -> list[Signal]:
    """The open signals at some touchpoints; what single customers wrote stands there already, among the comments."""
    if not touchpoints:
        return []
    wanted = Wanted(["open"], [key for key, kind in KINDS.items() if not kind.is_of_one], touchpoints)
    return reading.listed(session, workspace_id, wanted, limit=ON_A_DESK)


def open_signal(
    session: Session, workspace_id: uuid.UUID, signal_id: uuid.UUID, zone: str, now: datetime
) -> SignalPage:
    """The page of a signal; raises 404 for one that is not here, or not theirs who ask."""
    row = reading.get(session, workspace_id, signal_id)
    known = {each.key: each for each in journeys.stakeholders(session, workspace_id)}
    owned = journeys.owners_of_all(session, workspace_id)
    keys = dict.fromkeys(key for at in (row.before, row.touchpoint) if at for key in owned.get(at, ()))
    noted = changes.changes(session, workspace_id, noun="signal", key=str(signal_id), limit=SHOWN)
    metric = METRICS.get(row.metric or "")
    shows = metric is not None and KINDS[row.rule].has_trend
    return SignalPage(
        row=row,
        owners=tuple(known[key] for key in keys if key in known),
        metric=metric,
        trend=_trend(session, row, metric, zone, days.day_of(now, zone)) if shows and metric else (),
        history=tuple(noted),
        comments=tuple(signal_comments.of(session, workspace_id, [row]).get(signal_id, ())),
    )


def _trend(session: Session, row: Signal, metric: Metric, zone: str, today: date) -> tuple[Stretch, ...]:
    """The weeks around its first day, of its own question; none that is still to come, and this one until today."""
    first = row.since - (WEEKS - 4) * WEEK
    last = min(today, first + WEEKS * WEEK - timedelta(days=1))
    chosen = cube.Slice(
        metric.key, touchpoints=(row.touchpoint,), series_id=row.series_id, since=first, until=last
    )
    by_day: dict[date, list[dict[int, int]]] = {}
    for cell in cube.read_cells(session, row.workspace_id, chosen, (), "day"):
        if cell.start is not None:
            by_day.setdefault(cell.start, []).append({cell.score: cell.n})
    begun = [first + i * WEEK for i in range(WEEKS) if first + i * WEEK <= last]
    weeks = [Period(day, min(last, day + WEEK - timedelta(days=1)), zone=zone) for day in begun]
    return tuple(_stretch(metric, week, by_day) for week in weeks)


def _stretch(metric: Metric, week: Period, by_day: Mapping[date, Sequence[dict[int, int]]]) -> Stretch:
    cells = merged(each for day, found in by_day.items() if day in week for each in found)
    return Stretch(week, figure_of(metric, cells))


def sentences(session: Session, workspace_id: uuid.UUID, speaker: Speaker) -> Sentences:
    """How signals are said on a page."""
    return Sentences(speaker, reading.names(session, workspace_id))
