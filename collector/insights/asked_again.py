"""What came of asking the unhappy once more: how many were asked, why others were not, how many are happier now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.insights import following_up, unhappy
from collector.insights.models import FollowUp, Insight
from collector.kpis import METRICS
from collector.responses import Response
from collector.statistics import K, Share, share


@dataclass(frozen=True)
class Loop:
    """``unhappy``: customers who were, ``agreed``: those who agreed to be contacted, ``new``: those not on the list yet.

    ``skipped``: reason -> how many. ``better``: of those who answered again, who is no longer unhappy; None under five.
    """

    unhappy: int
    agreed: int
    new: int
    waiting: int
    asked: int
    skipped: Mapping[str, int]
    answered: int
    better: Share | None
    asks: Sequence[FollowUp]

    @property
    def held_back(self) -> list[FollowUp]:
        """Who has not been asked, those who are passed over last."""
        return sorted(
            (row for row in self.asks if row.state != "asked"), key=lambda row: row.state == "skipped"
        )

    @property
    def retry(self) -> int:
        """How many were passed over for a reason that may have passed."""
        return sum(n for reason, n in self.skipped.items() if reason in following_up.NEW_TURN)

    @property
    def is_empty(self) -> bool:
        return not self.unhappy and not self.asks


def of(session: Session, insight: Insight) -> Loop:
    """How the loop stands, within the session's scope."""
    asks = _asks(session, insight)
    found = unhappy.of(session, insight)
    agreed = {each.customer for each in found if each.channel}
    states = Counter(row.state for row in asks)
    scores = _answered(session, insight, asks)
    happier = sum(score not in METRICS[metric].bottom for metric, score in scores)
    return Loop(
        unhappy=len(found),
        agreed=len(agreed),
        new=len(agreed - {row.customer for row in asks}),
        waiting=states["waiting"],
        asked=states["asked"],
        skipped=Counter(row.reason or "" for row in asks if row.state == "skipped"),
        answered=len(scores),
        better=share(happier, len(scores)) if len(scores) >= K else None,
        asks=asks,
    )


def _asks(session: Session, insight: Insight) -> list[FollowUp]:
    here = FollowUp.workspace_id == insight.workspace_id, FollowUp.insight_id == insight.insight_id
    query = select(FollowUp).where(*here).order_by(FollowUp.enlisted_at.desc(), FollowUp.customer)
    return list(session.scalars(query))


def _answered(session: Session, insight: Insight, asks: Sequence[FollowUp]) -> list[tuple[str, int]]:
    """(metric, score) of each who has answered again."""
    ids = [row.invitation_id for row in asks if row.invitation_id]
    query = select(Response.metric, Response.score).where(
        Response.workspace_id == insight.workspace_id,
        Response.invitation_id.in_(ids),
        Response.score.is_not(None),
    )
    return [(metric, score) for metric, score in session.execute(query) if score is not None]
