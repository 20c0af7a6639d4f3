"""Did it help? Once an insight is done, the same question is watched at the same place, before against since.

The days before are those between the insight's evidence and the mending, where enough was said in them: the evidence's own
were picked because they looked bad. The job looks once an hour, with the time that it is given. What is stated holds over
all looks (``statistics.recovery``).
A recovered insight is watched on: when it hurts again, it is reopened.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from collector import days, looks, signals, workspaces
from collector.insights import announcing
from collector.insights.models import Insight, Recovery
from collector.kpis import METRICS, Subject, cube, metrics_in_use, series, verdicts
from collector.statistics import LEAST, Group
from collector.statistics import recovery as rules

WATCHER = "afterword"
"""Who stands in the record for what nobody did."""
EVERY, BATCH = timedelta(hours=1), 20
BEFORE, AFTER = timedelta(days=90), timedelta(days=365)
WORTH_FINDING = 0.1
"""Part of the scale: the gap to look for where none was measured."""


@dataclass(frozen=True)
class Asked:
    """The question that is watched, and how large a gap it had."""

    metric: str
    series_id: uuid.UUID
    gap: float


def watch(session: Session, insight: Insight, now: datetime) -> Recovery | None:
    """Begin to watch an insight that has just been done; None where nothing is asked at its place."""
    stop(session, insight)
    today = _today(session, insight.workspace_id, now)
    asked = _asked(session, insight, today)
    if asked is None or insight.touchpoint is None:
        return None
    kept = insight.evidence or {}
    row = Recovery(
        workspace_id=insight.workspace_id,
        insight_id=insight.insight_id,
        touchpoint=insight.touchpoint,
        journey=kept.get("journey"),
        channel=kept.get("of", {}).get("channel"),
        metric=asked.metric,
        series_id=asked.series_id,
        gap=asked.gap,
        first=date.fromisoformat(kept["from"]) if kept else today - BEFORE,
        done_on=today,
        look_at=now + EVERY,
    )
    if kept and rules.can_find(_unpicked(session, row, insight), row.gap):
        row.first = _after(kept)
    session.add(row)
    session.flush()
    return row


def picks(row: Recovery, insight: Insight) -> bool:
    """Whether days on which the insight rests are among those before: too little was said after them."""
    return bool(insight.evidence) and row.first < _after(insight.evidence or {})


def _after(kept: Mapping[str, Any]) -> date:
    return date.fromisoformat(kept["to"]) + timedelta(days=1)


def _unpicked(session: Session, row: Recovery, insight: Insight) -> dict[int, Group]:
    """What was said after the days that the insight rests on, until it was done."""
    last = row.done_on - timedelta(days=1)
    return _said(session, row, group_of(row, insight), _after(insight.evidence or {}), last)


def stop(session: Session, insight: Insight) -> None:
    """Watch it no more: it was reopened."""
    here = (Recovery.workspace_id == insight.workspace_id, Recovery.insight_id == insight.insight_id)
    session.execute(delete(Recovery).where(*here))


def of(session: Session, insight: Insight) -> Recovery | None:
    """What is known of whether it helped."""
    return session.get(Recovery, (insight.workspace_id, insight.insight_id))


def evaluate(session: Session, now: datetime) -> int:
    """Look at one batch of what is due; how many."""
    rows = session.scalars(_due(now).limit(BATCH).with_for_update(skip_locked=True)).all()
    for row in rows:
        _look(session, row, now)
    session.flush()
    return len(rows)


def are_due(session: Session, now: datetime) -> bool:
    """Whether anything is to be looked at."""
    return looks.found(session, _due, now)


def _due(now: datetime) -> Select[Recovery]:
    return select(Recovery).where(Recovery.look_at <= now).order_by(Recovery.look_at)


def _look(session: Session, row: Recovery, now: datetime) -> None:
    today = _today(session, row.workspace_id, now)
    row.look_at = now + EVERY if today - row.done_on <= AFTER else None
    if row.series_id in series.replaced(session, row.workspace_id):
        row.look_at = None
        if row.state == "watching":
            _settle(session, row, "changed", now)
        return
    first, last_before, since = _windows(row)
    insight = _insight(session, row)
    group = group_of(row, insight)
    after = _said(session, row, group, since, today)
    n = sum(group.n for group in after.values())
    number = rules.look(n)
    row.n_since = row.n_since if row.recovered_on else n
    if number is None or number <= row.looked:
        return
    before = _said(session, row, group, first, last_before)
    change = rules.compare(before, after, row.gap, _luck(row, insight))
    row.looked = number
    if change is not None:
        _note(session, row, change, now)
    elif row.state == "watching":
        _settle(session, row, "too_few", now)


def _today(session: Session, workspace_id: uuid.UUID, now: datetime) -> date:
    return days.day_of(now, workspaces.get(session, workspace_id).timezone)


def _windows(row: Recovery) -> tuple[date, date, date]:
    """First and last day before, and the first since; the day on which it was done is neither.

    A recovery was called when it looked best: it is compared with as many days again, before something may be back.
    """
    day = timedelta(days=1)
    if row.recovered_on is None:
        return row.first, row.done_on - day, row.done_on + day
    last = row.recovered_on + (row.recovered_on - row.done_on)
    return row.done_on + day, last, last + day


def _note(session: Session, row: Recovery, change: rules.Change, now: datetime) -> None:
    """Keep what was found; the first certain answer stands, and one that comes after a recovery reopens it."""
    if row.state == "recovered":
        if change.verdict == "worse":
            _keep(row, change)
            _settle(session, row, "back", now)
            row.look_at = None
        return
    if row.state == "worse":
        return
    _keep(row, change)
    if change.verdict != row.state:
        _settle(session, row, change.verdict, now)
    if change.verdict == "recovered":
        row.recovered_on, row.looked = _today(session, row.workspace_id, now), -1


def _keep(row: Recovery, change: rules.Change) -> None:
    (row.n_before, row.n_since), row.more = change.n, change.more or None
    row.estimate, row.low, row.high = (round(each, 6) for each in (change.estimate, change.low, change.high))


def _settle(session: Session, row: Recovery, state: str, now: datetime) -> None:
    """Say it in the record, for whoever reads events there; what is back is worked on again."""
    row.state = state
    insight = _insight(session, row)
    before = {"state": insight.state}
    if state == "back" and insight.state in {"done", "checked"}:
        insight.state, insight.done_at, insight.changed_at = "working", None, now
    if state == "recovered":
        signals.recover(session, row.workspace_id, row.insight_id, now)
    after: dict[str, Any] = {"state": insight.state, "recovery": state, "n": [row.n_before, row.n_since]}
    after |= {"estimate": row.estimate, "low": row.low, "high": row.high}
    announcing.note_insight(session, insight, WATCHER, state, now, before, after)


def _insight(session: Session, row: Recovery) -> Insight:
    where = (Insight.workspace_id == row.workspace_id, Insight.insight_id == row.insight_id)
    return session.scalars(select(Insight).where(*where)).one()


def _luck(row: Recovery, insight: Insight) -> float:
    """By how much the days before look worse for having been picked: what their evidence was shrunken by."""
    kept = insight.evidence
    if not kept or row.recovered_on is not None or not picks(row, insight):
        return 0.0
    return max(0.0, abs(float(kept["estimate"])) - abs(float(kept["shrunken"])))


def group_of(row: Recovery, insight: Insight) -> dict[str, Any]:
    """The customers that the insight is about, in the cube's words; nothing where it is about all of them."""
    of = (insight.evidence or {}).get("of", {})
    name, _, value = Subject(of, {}, row.series_id, ()).group.partition("=")
    if name.startswith(cube.ATTRIBUTE):
        return {"attribute": (name.removeprefix(cube.ATTRIBUTE), value)}
    return {"persona": value} if name == "persona" else {}


def _said(
    session: Session, row: Recovery, group: Mapping[str, Any], first: date, last: date
) -> dict[int, Group]:
    """What was said in these days, by weekday, as the leading figure counts it."""
    chosen = cube.Slice(
        row.metric,
        touchpoints=(row.touchpoint,),
        journey=row.journey,
        channel=row.channel,
        series_id=row.series_id,
        since=first,
        until=last,
        **group,
    )
    by_weekday: dict[int, dict[int, int]] = {}
    for cell in cube.read_cells(session, row.workspace_id, chosen, (), "day"):
        if cell.start is not None:
            cells = by_weekday.setdefault(cell.start.weekday(), {})
            cells[cell.score] = cells.get(cell.score, 0) + cell.n
    return {day: verdicts.group(METRICS[row.metric], cells) for day, cells in by_weekday.items()}


def _asked(session: Session, insight: Insight, today: date) -> Asked | None:
    """The question of its evidence; else the one that most customers answered there of late."""
    kept = insight.evidence
    if kept:
        return Asked(kept["metric"], uuid.UUID(kept["series_id"]), abs(kept["shrunken"]))
    if insight.touchpoint is None:
        return None
    found = {
        metric: _leading(session, insight.workspace_id, insight.touchpoint, metric, today)
        for metric in metrics_in_use(session, insight.workspace_id)
    }
    sizes = {metric: n for metric, (_series, n) in found.items() if n >= LEAST}
    best = max(sizes, key=lambda metric: (sizes[metric], metric), default=None)
    if best is None or (leads := found[best][0]) is None:
        return None
    low, high = METRICS[best].range
    return Asked(best, leads, (high - low) * WORTH_FINDING)


def _leading(
    session: Session, workspace_id: uuid.UUID, touchpoint: str, metric: str, today: date
) -> tuple[uuid.UUID | None, int]:
    """The series that leads at a touchpoint, and its answers; a run asks whom it chose, so what it asks leads nothing."""
    chosen = cube.Slice(metric, touchpoints=(touchpoint,), since=today - BEFORE, until=today)
    runs, sizes = series.of_runs(session, workspace_id), dict[uuid.UUID, int]()
    for cell in cube.read_cells(session, workspace_id, chosen, ("series_id",)):
        if cell.group[0] not in runs:
            sizes[cell.group[0]] = sizes.get(cell.group[0], 0) + cell.n
    leads = series.leading(sizes, series.replaced(session, workspace_id))
    return leads, sizes.get(leads, 0) if leads else 0


def pins(session: Session, workspace_id: uuid.UUID, touchpoint: str) -> Mapping[date, str]:
    """The days on which something was done at a touchpoint, and what: to be marked on its trend."""
    same = (Insight.workspace_id == Recovery.workspace_id) & (Insight.insight_id == Recovery.insight_id)
    query = (
        select(Recovery.done_on, Insight)
        .join(Insight, same)
        .where(Recovery.workspace_id == workspace_id, Recovery.touchpoint == touchpoint)
    )
    return {day: insight.title for day, insight in session.execute(query.order_by(Recovery.done_on))}
