"""Whether a test order is asked: what stands at its touchpoint, and nothing of who was asked before."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from collector import journeys, surveys
from collector.surveys import Standing

ASKED = "in test mode waits, budgets and the asking plan stop nobody"


@dataclass(frozen=True)
class Found:
    """What was decided: a reason as real decisions have them, and the survey that asks, if one does."""

    reason: str
    rule: str
    survey: Standing | None = None


def decide(
    session: Session,
    workspace_id: uuid.UUID,
    touchpoint: str,
    journey: str | None,
    target: str | None,
    now: datetime,
) -> Found:
    """The first reason against it, in the order of real decisions, else ``invited``."""
    place = journeys.find_touchpoint(session, workspace_id, touchpoint)
    if place is None:
        return Found("unknown_touchpoint", "the touchpoint is in no journey file")
    if not place.feedback_enabled:
        return Found("disabled", "feedback is switched off at this touchpoint")
    standing = surveys.standing_at(session, workspace_id, touchpoint, journey, now, target)
    if not standing:
        return Found("no_survey", "no published survey stands at this touchpoint")
    survey = standing[0]
    if survey.state == "full":
        return Found("quota", f"{survey.key} has all the answers it wanted")
    if survey.state != "running":
        return Found("not_eligible", f"{survey.key} is {survey.state.replace('_', ' ')}")
    return Found("invited", ASKED, survey)
