"""What is known of one customer, in the order in which it happened: steps, asks with reasons, answers, outcomes.

Also what a customer may ask for as their own data. Read by a session that is kept to a scope, it holds what lies in it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.interactions import Interaction
from collector.invitations import Decision, Trigger
from collector.outcomes import kinds
from collector.outcomes import reading as outcomes
from collector.responses import Response

MOST = 1000


@dataclass(frozen=True)
class Event:
    """Something that happened with a customer; ``kind``: step, ask, answer or outcome."""

    at: datetime
    kind: str
    touchpoint: str
    journey: str | None
    said: dict[str, Any]


def timeline(session: Session, workspace_id: uuid.UUID, customer: str) -> list[Event]:
    """The events of a customer (a pseudonym), the newest first; at most a thousand of each kind."""
    parts = (_steps, _asks, _answers, _outcomes)
    found = [event for part in parts for event in part(session, workspace_id, customer)]
    return sorted(found, key=lambda event: event.at, reverse=True)


def _steps(session: Session, workspace_id: uuid.UUID, customer: str) -> Iterator[Event]:
    table = Interaction
    query = select(table).where(table.workspace_id == workspace_id, table.customer == customer)
    for row in session.scalars(query.order_by(table.occurred_at.desc()).limit(MOST)):
        said = {"event": row.event, "channel": row.channel, "transaction": row.transaction}
        yield Event(
            row.occurred_at, "step", row.touchpoint, row.journey, said | {"attributes": row.attributes}
        )


def _asks(session: Session, workspace_id: uuid.UUID, customer: str) -> Iterator[Event]:
    same = (Decision.workspace_id == Trigger.workspace_id) & (Decision.trigger_id == Trigger.trigger_id)
    query = select(Trigger, Decision).join(Decision, same)
    query = query.where(Trigger.workspace_id == workspace_id, Trigger.customer == customer)
    for row, decision in session.execute(query.order_by(Trigger.received_at.desc()).limit(MOST)):
        said = {"decision": decision.decision, "reason": decision.reason, "rule": decision.rule}
        told = {"transaction": row.transaction, "attributes": row.attributes}
        yield Event(row.occurred_at, "ask", row.touchpoint, row.journey, said | told)


def _answers(session: Session, workspace_id: uuid.UUID, customer: str) -> Iterator[Event]:
    table = Response
    query = select(table).where(table.workspace_id == workspace_id, table.customer == customer)
    for row in session.scalars(query.order_by(table.occurred_at.desc()).limit(MOST)):
        said = {"metric": row.metric, "score": row.score, "answers": row.answers, "comment": row.comment}
        told = {"survey": row.survey, "source": row.source, "transaction": row.transaction}
        yield Event(row.occurred_at, "answer", row.touchpoint, row.journey, said | told)


def _outcomes(session: Session, workspace_id: uuid.UUID, customer: str) -> Iterator[Event]:
    for row in outcomes.of_customer(session, workspace_id, customer, MOST):
        said = {"outcome": row.kind, "value": kinds.shown(row.amount), "unit": row.unit, "key": row.key}
        yield Event(row.occurred_at, "outcome", row.touchpoint, row.journey, said)
