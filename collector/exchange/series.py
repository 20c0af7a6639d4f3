"""Where imported answers belong: a survey of their own per source and touchpoint, closed, with its own metric series.

They are never mixed with answers that this collector asked for, because the wording was somebody else's. What was
asked there is for the mapping alone to say: a touchpoint that gets another name here changes no question, and so the
series goes on. A mapping that says something else begins a new one, and the report tells.
"""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from collector import journeys, surveys
from collector.exchange.mapping import ResponseMapping
from collector.instruments import measuring


@dataclass(frozen=True)
class Place:
    """The survey, version and series that an imported answer is stored under.

    ``is_new``: the series begins with this import; ``broken_by`` says what ended the one before it, if there was one.
    """

    survey: str
    version: int
    series_id: uuid.UUID
    is_new: bool = False
    broken_by: tuple[str, ...] = ()


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
    stands = _standing(session, workspace_id, key)
    if stands and stands.template.metric == mapping.metric and mapping.subject in {"", stands.subject}:
        return Place(key, stands.version, stands.series_id)
    subject = mapping.subject or (stands.subject if stands else "")
    entry = {
        "key": key,
        "touchpoint": touchpoint,
        "journey": None,
        "template": measuring(mapping.metric),
        "subject": subject or journeys.touchpoint(session, workspace_id, touchpoint).name,
        "mode": "permanent",
        "state": "closed",
        "starts_at": None,
        "ends_at": None,
        "quota": None,
        "policy": {"imported": mapping.name},
    }
    done = surveys.apply(session, workspace_id, [entry], actor, now)
    made = surveys.version(session, workspace_id, key, surveys.get(session, workspace_id, key).version)
    broken_by = tuple(done.breaks.get(key, ()))
    return Place(key, made.version, made.series_id, key in done.created or bool(broken_by), broken_by)


def survey_key(name: str, touchpoint: str) -> str:
    """The key of the survey that holds a source's answers at a touchpoint."""
    key = f"{name}.{touchpoint}"
    return key if len(key) <= 64 else f"{name}.{hashlib.sha256(touchpoint.encode()).hexdigest()[:20]}"


def _standing(session: Session, workspace_id: uuid.UUID, key: str) -> surveys.Published | None:
    survey = session.get(surveys.Survey, (workspace_id, key))
    return surveys.version(session, workspace_id, key, survey.version) if survey else None
