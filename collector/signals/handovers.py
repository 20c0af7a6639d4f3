"""Handovers that have worsened: the way from one touchpoint of a journey to the next, against its own earlier weeks.

Only answers along that journey count: a touchpoint may stand on several, and be reached by other customers on each.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.kpis import METRICS, Metric, verdicts
from collector.signals import regimes, weekly
from collector.signals.models import SignalWatch
from collector.signals.raising import Found
from collector.signals.regimes import Regime
from collector.signals.settings import Wish
from collector.statistics import Cells, weeks

RULE = "handover"


def look(session: Session, watch: SignalWatch, this: date, wish: Wish, now: datetime) -> None:
    """Has the way from any touchpoint before this one worsened, in the answers to the same question?"""
    if not wish.wants(RULE):
        return
    ways = _ways(session, watch)
    told = regimes.last(session, watch.workspace_id, RULE, [watch.touchpoint]) if ways else {}
    for journey, first in ways:
        subject = f"{journey} {first.touchpoint} {watch.touchpoint} {watch.series_id}"
        regime = told.get(subject, Regime())
        _compare(session, journey, (first, watch), this, regime, subject, (wish, len(ways)), now)


def _compare(
    session: Session,
    journey: str,
    way: tuple[SignalWatch, SignalWatch],
    this: date,
    regime: Regime,
    subject: str,
    agreed: tuple[Wish, int],
    now: datetime,
) -> None:
    (first, second), (wish, ways) = way, agreed
    parts = [
        weekly.split(weekly.said(each, journey), this, weeks.HANDED, weeks.HANDED_BEFORE, regime)
        for each in (second, first)
    ]
    metric, sides = METRICS[second.metric], (parts[0][1], parts[1][1], parts[0][0], parts[1][0])
    moments = [weeks.together(weekly.moments(metric, side)) for side in sides]
    worsened = weeks.handover(moments)
    facts = _facts(metric, sides) if worsened else {}
    found = Found(
        RULE, second.touchpoint, subject, this - weeks.HANDED * weekly.WEEK, {**facts, "per_year": wish.allowed(RULE)},
        regime.number + 1, first.touchpoint, journey, second.metric, second.series_id,
    )  # fmt: skip
    allowed = wish.allowed(RULE) / ways
    weekly.settle(session, regime, found, worsened, allowed, now, second.workspace_id)


def _facts(metric: Metric, sides: Sequence[Sequence[Cells]]) -> dict[str, Any]:
    """The change on the way lately and before, and by how much it fell."""
    to, of, to_before, of_before = (weekly.fact(metric, side) for side in sides)
    lately, usual = weekly.way(of, to), weekly.way(of_before, to_before)
    return {"lately": lately, "usual": usual, "change": weekly.fallen(lately, usual)}


def _ways(session: Session, watch: SignalWatch) -> list[tuple[str, SignalWatch]]:
    """Each journey and the watch of the touchpoint that comes before this one on it."""
    pairs = sorted(_pairs(session, watch))
    query = select(SignalWatch).where(
        SignalWatch.workspace_id == watch.workspace_id,
        SignalWatch.touchpoint.in_(sorted({before for _, before in pairs})),
        SignalWatch.metric == watch.metric,
    )
    most: dict[str, SignalWatch] = {}
    for row in session.scalars(query.order_by(SignalWatch.told)) if pairs else ():
        most[row.touchpoint] = row
    return [(journey, most[before]) for journey, before in pairs if before in most]


def _pairs(session: Session, watch: SignalWatch) -> set[tuple[str, str]]:
    """(journey, touchpoint that comes before this one on it)."""
    found: set[tuple[str, str]] = set()
    for journey in verdicts.journey_keys(session, watch.workspace_id):
        keys: Sequence[str] = [
            each.touchpoint for each in verdicts.places(session, watch.workspace_id, journey)
        ]
        found |= {
            (journey, before) for before, after in pairwise(keys) if after == watch.touchpoint != before
        }
    return found
