"""The figures that an insight keeps: a verdict as it stood when somebody acted upon it, and for how many it stands."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import errors
from collector.kpis import METRICS, Slice, Subject, Verdict, Window, merge, read_cells, verdicts
from collector.responses import Response
from collector.signals import Signal
from collector.statistics import Group, K, Kind, Pair, shown_most

SAMPLED = 500
"""Answers from which the share of customers that is asked is read: it changes seldom."""
MONTH = 30
OVER_TIME = ("fall", "drift")
"""Rules of signals that tell of a figure that has fallen."""
LOOKED_BACK = 90
SIGNAL = "signal"
"""The kind of evidence that a signal gives."""


@dataclass(frozen=True)
class Cited:
    """Which verdict is meant: of which kind, where, in which days; ``group`` as its subject names the customers."""

    kind: Kind
    journey: str
    touchpoint: str
    first: date
    last: date
    channel: str | None = None
    group: str = ""

    @property
    def window(self) -> Window:
        days = self.last - self.first
        return Window(self.first, self.last, self.first - days - timedelta(days=1))


def gather(session: Session, workspace_id: uuid.UUID, cited: Cited) -> dict[str, Any]:
    """The verdict's figures as they are now; raises 422 where nothing of the kind is stated."""
    places = verdicts.places(session, workspace_id, cited.journey)
    found = verdicts.of_journey(session, workspace_id, cited.window, cited.journey, places)
    verdict = next((each for each in found.verdicts if _is_meant(each, cited)), None)
    if verdict is None:
        raise errors.BadInput(
            "No such difference is certain in these days.",
            "no_such_verdict",
            {"evidence": ["names no verdict that holds"]},
        )
    return kept(verdict, cited, _reach(session, workspace_id, cited, verdict))


def of_signal(session: Session, workspace_id: uuid.UUID, signal: Signal) -> dict[str, Any] | None:
    """What a signal of a fall over time rests on, in the question's own figure: the days since its first against those before.

    None where it tells of something else, where the figure has not fallen, or a side has fewer than five answers.
    """
    if signal.rule not in OVER_TIME or signal.metric is None or signal.series_id is None:
        return None
    last = max(signal.since, signal.raised_at.date())
    first = signal.since - timedelta(days=LOOKED_BACK)
    sides = [
        _said(session, workspace_id, signal, since, until)
        for since, until in ((signal.since, last), (first, signal.since - timedelta(days=1)))
    ]
    if min(each.n for each in sides) < K:
        return None
    subject = Subject({"touchpoint": signal.touchpoint}, {"period": "before"}, signal.series_id, ())
    pair, unit = Pair(subject, sides[0], sides[1]), sides[0].unit
    gap = (pair.of.mean - pair.against.mean) * unit
    if gap >= 0:
        return None
    size, bounds = shown_most(pair)
    low, high = bounds.low * unit, bounds.high * unit
    verdict = Verdict("period", subject, METRICS[signal.metric], pair.n, gap, size * unit, low, high)
    cited = Cited("period", signal.journey or "", signal.touchpoint, signal.since, last)
    found = kept(verdict, cited, _reach(session, workspace_id, cited, verdict))
    said = {
        "kind": SIGNAL,
        "journey": signal.journey,
        "signal_id": str(signal.signal_id),
        "rule": signal.rule,
    }
    return found | said


def _said(session: Session, workspace_id: uuid.UUID, signal: Signal, since: date, until: date) -> Group:
    chosen = Slice(
        signal.metric or "",
        touchpoints=(signal.touchpoint,),
        series_id=signal.series_id,
        since=since,
        until=until,
    )
    return verdicts.group(METRICS[chosen.metric], merge(read_cells(session, workspace_id, chosen)))


def kept(verdict: Verdict, cited: Cited, reach: float) -> dict[str, Any]:
    """A verdict as a row keeps it."""
    return {
        "kind": verdict.kind,
        "journey": cited.journey,
        "of": dict(verdict.subject.of),
        "against": dict(verdict.subject.against),
        "metric": verdict.metric.key,
        "series_id": str(verdict.subject.series_id),
        "from": cited.first.isoformat(),
        "to": cited.last.isoformat(),
        "n": list(verdict.n),
        "estimate": round(verdict.estimate, 6),
        "shrunken": round(verdict.shrunken, 6),
        "low": round(verdict.low, 6),
        "high": round(verdict.high, 6),
        "range": list(verdict.metric.range),
        "reach": round(reach, 1),
    }


def _is_meant(verdict: Verdict, cited: Cited) -> bool:
    same = verdict.kind == cited.kind and verdict.touchpoint == cited.touchpoint and verdict.falls
    subject = verdict.subject
    return same and subject.of.get("channel") == cited.channel and subject.group == cited.group


def _reach(session: Session, workspace_id: uuid.UUID, cited: Cited, verdict: Verdict) -> float:
    """Answers in 30 days, had everybody been asked: each for as many as it stood for when it was drawn who is asked.

    Read from the verdict's own series: a run asks others, by another chance.
    """
    newest = (
        select(Response.probability)
        .where(
            Response.workspace_id == workspace_id,
            Response.touchpoint == cited.touchpoint,
            Response.series_id == verdict.subject.series_id,
            Response.respondent == "customer",
            Response.score.is_not(None),
        )
        .order_by(Response.occurred_at.desc())
        .limit(SAMPLED)
    )
    shares = [share for share in session.scalars(newest) if share > 0]
    each = sum(1 / share for share in shares) / len(shares) if shares else 1.0
    return verdict.n[0] * each * MONTH / ((cited.last - cited.first).days + 1)


def restored(evidence: dict[str, Any]) -> Verdict:
    """The verdict that was kept, to be said in words again."""
    subject = Subject(evidence["of"], evidence["against"], uuid.UUID(evidence["series_id"]), ())
    first, second = evidence["n"]
    sizes = (evidence[name] for name in ("estimate", "shrunken", "low", "high"))
    kind: Kind = "period" if evidence["kind"] == SIGNAL else evidence["kind"]
    return Verdict(kind, subject, METRICS[evidence["metric"]], (first, second), *sizes)
