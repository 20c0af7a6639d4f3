"""Definitions into rows, many at once; ``rows`` is the way back. What was archived and is stored again is back in use."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from collector.db import Base
from collector.journeys import models
from collector.journeys.definitions import Definition, Journey, Persona, Stakeholder, Touchpoint, compact
from collector.journeys.plans import PlanItem

Line = tuple[Definition, PlanItem]
FEW = 500
TOUCHPOINT_FIELDS = (
    "channel", "customer_name", "stage", "measurable", "feedback_enabled", "form_enabled", "expectation", "expected_result",
)  # fmt: skip


def store(
    session: Session, workspace_id: uuid.UUID, lines: Sequence[Line], actor: str, now: datetime
) -> None:
    """Write definitions as a plan says: new ones, new revisions, new versions; those first that others refer to."""
    for item, line in lines:
        if not isinstance(item, Journey):
            _put(session, _row(workspace_id, item, line.number), fresh=line.verb == "create")
    session.flush()
    _put_owners(session, workspace_id, [item for item, _ in lines if isinstance(item, Touchpoint)])
    journeys = [(item, line) for item, line in lines if isinstance(item, Journey)]
    for journey, line in journeys:
        shown = models.Journey(
            workspace_id=workspace_id, key=journey.key, version=line.number, archived_at=None
        )
        _put(session, shown, fresh=line.verb == "create")
    session.flush()
    for journey, line in journeys:
        if line.verb != "restore":
            session.add(_version(workspace_id, journey, line.number, actor, now))
    session.flush()


def _put(session: Session, row: Base, fresh: bool) -> None:
    if fresh:
        session.add(row)
    else:
        session.merge(row)


def _row(workspace_id: uuid.UUID, item: Stakeholder | Persona | Touchpoint, revision: int) -> Base:
    """The row of a definition; archived_at is said, so that merging takes it back."""
    kept = {"workspace_id": workspace_id, "key": item.key, "name": item.name, "description": item.description}
    kept |= {"revision": revision, "archived_at": None}
    if isinstance(item, Stakeholder):
        return models.Stakeholder(**kept, serves=compact(item.serves))
    if isinstance(item, Persona):
        return models.Persona(**kept, details=dict(item.details))
    said = {name: getattr(item, name) for name in TOUCHPOINT_FIELDS}
    return models.Touchpoint(**kept, **said, systems=list(item.systems), tags=list(item.tags))


def _put_owners(session: Session, workspace_id: uuid.UUID, touchpoints: Sequence[Touchpoint]) -> None:
    owner = models.TouchpointOwner
    for some in _chunks([item.key for item in touchpoints]):
        session.execute(delete(owner).where(owner.workspace_id == workspace_id, owner.touchpoint.in_(some)))
    rows = [
        {"workspace_id": workspace_id, "touchpoint": item.key, "stakeholder": key, "position": position}
        for item in touchpoints
        for position, key in enumerate(item.owners)
    ]
    if rows:
        session.execute(insert(owner), rows)


def _version(
    workspace_id: uuid.UUID, journey: Journey, version: int, actor: str, now: datetime
) -> models.JourneyVersion:
    return models.JourneyVersion(
        workspace_id=workspace_id,
        key=journey.key,
        version=version,
        name=journey.name,
        definition=journey.definition,
        customer_goal=journey.customer_goal,
        business_goal=journey.business_goal,
        scenario=journey.scenario,
        expected_result=journey.expected_result,
        state=journey.state,
        variant_of=journey.variant_of,
        personas=list(journey.personas),
        abandoned_after_days=journey.abandoned_after_days,
        asking=compact(journey.asking),
        metric=journey.metric,
        phases=compact(journey.phases),
        applied_at=now,
        applied_by=actor,
    )


def _chunks(keys: Sequence[str]) -> Iterable[Sequence[str]]:
    """Keys in portions that a query can name one by one."""
    return (keys[start : start + FEW] for start in range(0, len(keys), FEW))
