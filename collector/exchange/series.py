"""Where imported answers belong: a survey of their own per source and touchpoint, closed, with its own metric series.

They are never mixed with answers that this collector asked for, because the wording was somebody else's.
"""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from collector import journeys, surveys
from collector.exchange.mapping import ResponseMapping


@dataclass(frozen=True)
class Place:
    """The survey, version and series that an imported answer is stored under."""

    survey: str
    version: int
    series_id: uuid.UUID


def place(
    session: Session,
    workspace_id: uuid.UUID,
    mapping: ResponseMapping,
    touchpoint: str,
    actor: str,
    now: datetime,
) -> Place:
    """The place of a source at a touchpoint, made on first use; it is never asked by this collector."""
    key = survey_key(mapping.name, touchpoint)
    entry = {
        "key": key,
        "touchpoint": touchpoint,
        "journey": None,
        "template": mapping.metric,
        "subject": mapping.subject or journeys.touchpoint(session, workspace_id, touchpoint).name,
        "mode": "permanent",
        "state": "closed",
        "starts_at": None,
        "ends_at": None,
        "quota": None,
        "policy": {"imported": mapping.name},
    }
    surveys.apply(session, workspace_id, [entry], actor, now)
    published = surveys.version(session, workspace_id, key, surveys.get(session, workspace_id, key).version)
    return Place(key, published.version, published.series_id)


def survey_key(name: str, touchpoint: str) -> str:
    """The key of the survey that holds a source's answers at a touchpoint."""
    key = f"{name}.{touchpoint}"
    return key if len(key) <= 64 else f"{name}.{hashlib.sha256(touchpoint.encode()).hexdigest()[:20]}"
