"""The figures that an insight keeps: a verdict as it stood when somebody acted upon it, and how many it concerns."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import errors
from collector.kpis import METRICS, Subject, Verdict, Window, verdicts
from collector.responses import Response
from collector.statistics import Kind

SAMPLED = 500
"""Answers from which the share of customers that is asked is read: it changes seldom."""
MONTH = 30


@dataclass(frozen=True)
class Cited:
    """Which verdict is meant: of which kind, where, in which days."""

    kind: Kind
    journey: str
    touchpoint: str
    first: date
    last: date
    channel: str | None = None

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
    return kept(verdict, cited, _reach(session, workspace_id, cited, verdict.n[0]))


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
    return same and verdict.subject.of.get("channel") == cited.channel


def _reach(session: Session, workspace_id: uuid.UUID, cited: Cited, n: int) -> float:
    """Customers in 30 days: the answers, each for as many as it stood for when it was drawn who is asked."""
    newest = (
        select(Response.probability)
        .where(
            Response.workspace_id == workspace_id,
            Response.touchpoint == cited.touchpoint,
            Response.respondent == "customer",
            Response.score.is_not(None),
        )
        .order_by(Response.occurred_at.desc())
        .limit(SAMPLED)
    )
    shares = [share for share in session.scalars(newest) if share > 0]
    each = sum(1 / share for share in shares) / len(shares) if shares else 1.0
    return n * each * MONTH / ((cited.last - cited.first).days + 1)


def restored(evidence: dict[str, Any]) -> Verdict:
    """The verdict that was kept, to be said in words again."""
    subject = Subject(evidence["of"], evidence["against"], uuid.UUID(evidence["series_id"]), ())
    first, second = evidence["n"]
    sizes = (evidence[name] for name in ("estimate", "shrunken", "low", "high"))
    return Verdict(evidence["kind"], subject, METRICS[evidence["metric"]], (first, second), *sizes)
