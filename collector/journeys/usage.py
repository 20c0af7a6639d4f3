"""Verbs that ask who uses what: journeys through a touchpoint, touchpoints without owner, what must stay."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from collector.journeys import rows
from collector.journeys.definitions import Definition, Journey, Persona, Stakeholder, Touchpoint


def journeys_of(session: Session, workspace_id: uuid.UUID, touchpoint: str) -> tuple[Journey, ...]:
    """The journeys in use whose shown version passes a touchpoint."""
    return tuple(item for item in _in_use(session, workspace_id) if touchpoint in item.touchpoints)


def unowned(session: Session, workspace_id: uuid.UUID) -> tuple[Touchpoint, ...]:
    """The touchpoints in use that nobody answers for."""
    found = rows.touchpoints(session, workspace_id)
    return tuple(item for item in found if not item.owners and item.archived_at is None)


def users_of(session: Session, workspace_id: uuid.UUID, item: Definition) -> list[str]:
    """What in use refers to a definition, in words (``journey first-order``); while there is some, it must stay."""
    using = [f"journey {journey.key}" for journey in _in_use(session, workspace_id) if _uses(journey, item)]
    if isinstance(item, Stakeholder):
        found = rows.touchpoints(session, workspace_id)
        owned = [each for each in found if item.key in each.owners and each.archived_at is None]
        using += [f"touchpoint {each.key}" for each in owned]
        using += [
            f"stakeholder {each.key}"
            for each in rows.stakeholders(session, workspace_id)
            if each.archived_at is None
            and each.key != item.key
            and item.key in {service.stakeholder for service in each.serves}
        ]
    return using


def _in_use(session: Session, workspace_id: uuid.UUID) -> list[Journey]:
    return [item for item in rows.journeys(session, workspace_id) if item.archived_at is None]


def _uses(journey: Journey, item: Definition) -> bool:
    match item:
        case Touchpoint():
            return item.key in journey.touchpoints
        case Persona():
            return item.key in journey.personas or any(
                item.key in step.expectations for step in journey.steps
            )
        case Journey():
            return journey.variant_of == item.key
        case Stakeholder():
            return False
