"""The way from an empty workspace to the first answer: six steps, of which the first one undone is next."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from collector import invitations, journeys, responses, surveys, test_mode
from collector.workspaces import sight


@dataclass(frozen=True)
class Step:
    """One step: where it is done, and whether it is."""

    key: str
    address: str
    done: bool
    is_next: bool = False


def steps(session: Session, workspace_id: uuid.UUID) -> list[Step]:
    """Owner, touchpoint, journey, question, connection, first answer."""
    with sight.whole(session):  # only whether there is any
        done = [Step(key, address, bool(found)) for key, address, found in _found(session, workspace_id)]
    following = next((step.key for step in done if not step.done), None)
    return [Step(step.key, step.address, step.done, step.key == following) for step in done]


def _found(session: Session, workspace_id: uuid.UUID) -> Iterator[tuple[str, str, object]]:
    running = [survey for survey in surveys.bound(session, workspace_id) if survey.state == "published"]
    tried = test_mode.newest(session, workspace_id, 1)
    yield "owner", "/setup/owners", journeys.stakeholders(session, workspace_id)
    yield "touchpoint", "/setup/touchpoints", journeys.keys_of_touchpoints(session, workspace_id)
    yield "journey", "/setup/journeys", journeys.list_journeys(session, workspace_id, limit=1).items
    yield "question", "/surveys#new", running
    yield "connection", "/connect#key", tried or _any(session, workspace_id, invitations.Trigger.trigger_id)
    own = responses.Response.source != "imported"  # what another system collected is no answer of this one
    yield "answer", "/connect#newest", _any(session, workspace_id, responses.Response.response_id, own)


def answered_in_test_mode(session: Session, workspace_id: uuid.UUID) -> bool:
    """Whether a test order was answered of late: the way works, and the first real answer is still to come."""
    return any(row.state == "answered" for row in test_mode.newest(session, workspace_id, 50))


def _any(session: Session, workspace_id: uuid.UUID, column: Any, *conditions: ColumnElement[bool]) -> object:
    query = select(column).where(column.class_.workspace_id == workspace_id, *conditions)
    return session.scalars(query.limit(1)).first()
