"""What was said by week, for the rules that compare weeks once one has closed.

Only answers that were news are kept here: no file and no answer of long ago moves a week.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from collector.kpis import Metric, figure, verdicts
from collector.responses import Response
from collector.signals import raising
from collector.signals.models import SignalWatch
from collector.signals.raising import Found
from collector.signals.regimes import Regime
from collector.statistics import Cells, Interval, difference, merged, picked, weeks

WEEK = timedelta(days=7)


def keep(watch: SignalWatch, rows: Sequence[Response]) -> date | None:
    """Keep what was said; the week that has begun with it where it is to be looked at those before, else None."""
    this = monday(rows[-1].day)
    has_closed = bool(watch.weeks) and this.isoformat() > max(watch.weeks)
    watch.weeks = _with(watch.weeks, rows)
    return this if has_closed else None


def monday(day: date) -> date:
    """The first day of a day's week."""
    return day - timedelta(days=day.weekday())


def _with(kept: Mapping[str, Mapping[str, int]], rows: Sequence[Response]) -> dict[str, dict[str, int]]:
    """The last weeks with these answers."""
    found = {week: dict(cells) for week, cells in kept.items()}
    for (day, score, journey), n in Counter((row.day, row.score, row.journey) for row in rows).items():
        cells, cell = found.setdefault(monday(day).isoformat(), {}), f"{score} {journey or ''}".strip()
        cells[cell] = cells.get(cell, 0) + n
    return dict(sorted(found.items())[-weeks.KEPT :])


def said(watch: SignalWatch, journey: str | None = None) -> dict[date, Cells]:
    """Week -> its answers (those along a ``journey``) by score, the oldest first."""
    return {date.fromisoformat(week): _scores(cells, journey) for week, cells in watch.weeks.items()}


def moments(metric: Metric, said: Sequence[Cells]) -> list[weeks.Moments]:
    """The weeks' answers as the question's leading figure counts them."""
    return [weeks.Moments.of(dict(verdicts.group(metric, each).counts)) for each in said]


def fact(metric: Metric, said: Sequence[Cells]) -> dict[str, Any]:
    """The question's figure over some weeks as a signal keeps it: with its interval."""
    found = figure(metric, merged(said))
    return {"n": found.n, **_rounded(found.value or 0.0, Interval(found.low or 0.0, found.high or 0.0))}


def way(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, Any]:
    """The change on the way from one figure to another, of other customers, with its interval."""
    sides = [first["n"], second["n"]]
    gap, bounds = _less(second, first)
    return {"n": min(sides), "sides": sides, **_rounded(gap, bounds)}


def fallen(lately: Mapping[str, Any], usual: Mapping[str, Any]) -> dict[str, Any]:
    """By how much a figure fell: smaller than it was seen, for it is told only where it stands out."""
    return _rounded(*picked(*_less(lately, usual)))


def _less(of: Mapping[str, Any], against: Mapping[str, Any]) -> tuple[float, Interval]:
    ends = [Interval(each["low"], each["high"]) for each in (of, against)]
    bounds = difference(of["value"], ends[0], against["value"], ends[1])
    return of["value"] - against["value"], bounds


def _rounded(value: float, bounds: Interval) -> dict[str, float]:
    return {"value": round(value, 2), "low": round(bounds.low, 2), "high": round(bounds.high, 2)}


def _scores(cells: Mapping[str, int], journey: str | None) -> dict[int, int]:
    found: dict[int, int] = {}
    for cell, n in cells.items():
        score, _, along = cell.partition(" ")
        if journey in {None, along}:
            found[int(score)] = found.get(int(score), 0) + n
    return found


def split(
    found: Mapping[date, Cells], this: date, recent: int, kept: int, regime: Regime
) -> tuple[list[Cells], list[Cells]]:
    """The weeks before, and the recent ones: both before ``this``.

    Where an alarm stands, those before are from before it; where one has stayed, they begin with it.
    """
    first = this - recent * WEEK
    until = min(first, regime.since) if regime.stands and regime.since else first
    since = regime.since if regime.ended == "stayed" and regime.since else first - kept * WEEK
    before = [each for week, each in found.items() if since <= week < until]
    return before, [each for week, each in found.items() if first <= week < this]


def settle(
    session: Session,
    regime: Regime,
    found: Found,
    look: weeks.Look | None,
    allowed: float,
    now: datetime,
    workspace_id: Any,
) -> None:
    """Raise what a look tells, or end what stands: once it is as before, or once there is no week before it."""
    if not regime.stands:
        if weeks.is_told(look, allowed):
            raising.keep(session, workspace_id, found, now)
        return
    how = "stayed" if look is None else "recovered" if weeks.is_over(look) else None
    if how:
        raising.end(session, workspace_id, found.rule, found.subject, regime.number, how, now)
