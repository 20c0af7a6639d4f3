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
    before, recent = weekly.split(weekly.said(watch), this, weeks.RECENT, weeks.KEPT, regime)
    scale = verdicts.group(METRICS[watch.metric], {})
    usual, lately = weeks.together(before), weeks.together(recent[-weeks.HANDED :])
    facts = {
        "usual": {"n": usual.n, "value": round(usual.mean * scale.unit, 2)},
        "lately": {"n": lately.n, "value": round(lately.mean * scale.unit, 2)},
        "per_year": wish.allowed(RULE),
    }
    found = Found(
        RULE, watch.touchpoint, subject, this - weeks.RECENT * weekly.WEEK, facts, regime.number + 1,
        metric=watch.metric, series_id=watch.series_id,
    )  # fmt: skip
    allowed = wish.allowed(RULE) / max(1, beside)
    weekly.settle(
        session, regime, found, weeks.drift(before, recent, scale.lowest), allowed, now, watch.workspace_id
    )
