"""Slow drifts: the weekly figure of a question against the weeks before, by an exponentially weighted average."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from collector.kpis import METRICS, verdicts
from collector.signals import regimes, weekly
from collector.signals.models import SignalWatch
from collector.signals.raising import Found
from collector.signals.regimes import Regime
from collector.signals.settings import Wish
from collector.statistics import weeks

RULE = "drift"


def look(session: Session, watch: SignalWatch, this: date, wish: Wish, beside: int, now: datetime) -> None:
    """Has the figure drifted down? Not told while a fall of the same answers stands."""
    subject = f"{watch.touchpoint} {watch.series_id}"
    regime = regimes.last(session, watch.workspace_id, RULE, [watch.touchpoint]).get(subject, Regime())
    if not regime.stands and (watch.alarmed or not wish.wants(RULE)):
        return
    said = weekly.said(watch)
    before, recent = weekly.split(said, this, weeks.RECENT, weeks.KEPT, regime)
    metric = METRICS[watch.metric]
    moments = [weekly.moments(metric, part) for part in (before, recent)]
    drifted = weeks.drift(moments[0], moments[1], verdicts.group(metric, {}).lowest)
    newest = weekly.split(said, this, weeks.HANDED, weeks.KEPT, regime)[1] or recent
    usual, lately = weekly.fact(metric, before), weekly.fact(metric, newest)
    facts = {"usual": usual, "lately": lately, "per_year": wish.allowed(RULE)}
    if drifted is not None:
        facts["change"] = weekly.fallen(lately, usual)
    found = Found(
        RULE, watch.touchpoint, subject, this - weeks.RECENT * weekly.WEEK, facts, regime.number + 1,
        metric=watch.metric, series_id=watch.series_id,
    )  # fmt: skip
    allowed = wish.allowed(RULE) / max(1, beside)
    weekly.settle(session, regime, found, drifted, allowed, now, watch.workspace_id)
