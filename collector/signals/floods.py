"""Answer floods: counts what comes at a touchpoint by day, and raises a day that the weeks before do not explain."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from collector.responses import Response
from collector.signals import places, raising, regimes
from collector.signals.models import SignalPlace
from collector.signals.raising import Found
from collector.signals.regimes import Regime
from collector.signals.settings import Wish, Wishes
from collector.statistics import floods

RULE = "flood"
DAY = timedelta(days=1)
STAYED = timedelta(days=14)
"""After so many days at the new height it is the usual one."""


def notice(
    session: Session,
    watches: Mapping[str, SignalPlace],
    answers: Sequence[Response],
    wishes: Wishes,
    now: datetime,
) -> None:
    """Count what customers said, and look at the days on which it was said."""
    came = Counter((row.touchpoint, row.day) for row in answers if row.touchpoint in watches)
    if not came:
        return
    told = regimes.last(session, answers[0].workspace_id, RULE, list(watches))
    for touchpoint, day in sorted(came):
        watch = watches[touchpoint]
        _count(watch, day, came[touchpoint, day])
        regime = told.get(touchpoint, Regime())
        _settle(session, watch, day, regime, wishes.at(touchpoint), now)
    session.flush()


def _count(watch: SignalPlace, day: date, n: int) -> None:
    """Add so many to a day, and let go of those of long ago."""
    days = {**watch.days, day.isoformat(): watch.days.get(day.isoformat(), 0) + n}
    oldest = (max(date.fromisoformat(each) for each in days) - places.KEPT).isoformat()
    watch.days = {each: count for each, count in days.items() if each >= oldest}
    watch.began_on = min(watch.began_on, day)


def _settle(
    session: Session, watch: SignalPlace, day: date, regime: Regime, wish: Wish, now: datetime
) -> None:
    """Raise the day, or end what stands where the day before was as usual, or all is so for two weeks."""
    if regime.stands and regime.since is not None:
        if how := _over(watch, day, regime.since):
            raising.end(session, watch.workspace_id, RULE, watch.touchpoint, regime.number, how, now)
        return
    usual = floods.usual(_counts(watch, day, regime))
    n = watch.days[day.isoformat()]
    if wish.wants(RULE) and usual is not None and floods.is_flood(n, usual, wish.allowed(RULE)):
        facts = {
            "n": n,
            "expected": round(usual.mean, 1),
            "most": floods.most(usual, wish.allowed(RULE)),
            "per_year": wish.allowed(RULE),
        }
        found = Found(RULE, watch.touchpoint, watch.touchpoint, day, facts, regime.number + 1)
        raising.keep(session, watch.workspace_id, found, now)


def _over(watch: SignalPlace, day: date, since: date) -> str | None:
    """How a flood has ended by a day: ``recovered`` or ``stayed``; None while it goes on."""
    if day >= since + STAYED:
        return "stayed"
    yesterday, usual = day - DAY, floods.usual(_counts(watch, since, Regime()))
    if yesterday < since or usual is None:
        return None
    return "recovered" if usual.p(watch.days.get(yesterday.isoformat(), 0)) > floods.NO_LONGER else None


def _counts(watch: SignalPlace, day: date, regime: Regime) -> list[int | None]:
    """The days before one, the oldest first: those of a flood that is over left out, or from one on that has stayed."""
    first = max(watch.began_on, day - places.KEPT)
    if regime.ended == "stayed" and regime.since is not None:
        first = max(first, regime.since)
    every = [first + number * DAY for number in range((day - first).days)]
    is_out = regime.ended == "recovered"
    return [None if is_out and regime.covers(each) else watch.days.get(each.isoformat(), 0) for each in every]
