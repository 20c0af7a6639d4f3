"""Who was unhappy about what an insight tells of: those whom it cites, and those behind its figures."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from collector.insights import recovery
from collector.insights.models import Insight, InsightCitation, Recovery
from collector.invitations import FOLLOW_UP, asking_again
from collector.kpis import METRICS
from collector.responses import Response

MOST = 500
"""So many answers are looked at, the newest: who wants to ask more people mends more than one thing."""


@dataclass(frozen=True)
class Unhappy:
    """A customer's newest unhappy answer, and the channels by which they agreed to be written to."""

    answer: Response
    agreed: frozenset[str]

    @property
    def customer(self) -> str:
        return str(self.answer.customer)

    @property
    def channel(self) -> str | None:
        """How they are written to, an e-mail first; None for who has not agreed to it, or has objected."""
        return min(self.agreed, default=None)


def of(session: Session, insight: Insight) -> list[Unhappy]:
    """Each customer once, whoever was unhappy last first; only within the session's scope."""
    newest: dict[str, Response] = {}
    for row in sorted(_answers(session, insight), key=lambda row: row.occurred_at, reverse=True):
        if row.customer is not None:
            newest.setdefault(row.customer, row)
    agreed = asking_again.consents(session, insight.workspace_id, newest)
    return [Unhappy(row, agreed.get(customer, frozenset())) for customer, row in newest.items()]


def _answers(session: Session, insight: Insight) -> Iterator[Response]:
    cited = select(InsightCitation.response_id).where(
        InsightCitation.workspace_id == insight.workspace_id,
        InsightCitation.insight_id == insight.insight_id,
    )
    yield from _unhappy(session.scalars(_asked(insight.workspace_id).where(Response.response_id.in_(cited))))
    watched = recovery.of(session, insight)
    if insight.evidence and watched is not None:
        found = session.scalars(_behind(watched))
        group = recovery.group_of(watched, insight)
        yield from (row for row in _unhappy(found) if _is_of(row, group))


def _asked(workspace_id: uuid.UUID) -> Select[Response]:
    """Customers' answers about a touchpoint that could be asked about again."""
    query = select(Response).where(
        Response.workspace_id == workspace_id,
        Response.customer.is_not(None),
        Response.respondent == "customer",
        Response.target == "touchpoint",
        Response.run.is_(None),
        Response.source != FOLLOW_UP,
        Response.score.is_not(None),
    )
    return query.order_by(Response.occurred_at.desc(), Response.response_id).limit(MOST)


def _behind(watched: Recovery) -> Select[Response]:
    """Those that the insight's figures are made of, until it was done."""
    query = _asked(watched.workspace_id).where(
        Response.touchpoint == watched.touchpoint,
        Response.series_id == watched.series_id,
        Response.score.in_(METRICS[watched.metric].bottom),
        Response.day >= watched.first,
        Response.day <= watched.done_on,
    )
    return query.where(Response.channel == watched.channel) if watched.channel else query


def _unhappy(rows: Iterable[Response]) -> Iterator[Response]:
    return (row for row in rows if row.metric in METRICS and row.score in METRICS[row.metric].bottom)


def _is_of(row: Response, group: Mapping[str, Any]) -> bool:
    """Whether an answer is of the customers that the insight is about."""
    if "persona" in group:
        return bool((row.persona or "") == group["persona"])
    key, value = group.get("attribute", ("", ""))
    return not key or str((row.attributes or {}).get(key)) == value
