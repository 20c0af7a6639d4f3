"""A survey's life: draft -> published <-> paused; from each of them to closed, which is the end."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from collector import clock, errors
from collector.journeys.models import Change
from collector.surveys.models import Survey

NEXT: dict[str, frozenset[str]] = {
    "draft": frozenset({"published", "closed"}),
    "published": frozenset({"paused", "closed"}),
    "paused": frozenset({"published", "closed"}),
    "closed": frozenset(),
}


def change(session: Session, survey: Survey, state: str, actor: str, now: datetime) -> Survey:
    """Move a survey to a state; the same again changes nothing. Raises 409 ``bad_transition``."""
    if state == survey.state:
        return survey
    if state not in NEXT[survey.state]:
        ways = ", ".join(sorted(NEXT[survey.state])) or "nothing"
        raise errors.Conflict(
            f"Survey {survey.key!r} is {survey.state}; from there it can become: {ways}.", "bad_transition"
        )
    before, survey.state = survey.state, state
    survey.revision += 1
    session.add(
        Change(
            workspace_id=survey.workspace_id,
            change_id=clock.new_id(),
            at=now,
            actor=actor,
            noun="survey",
            key=survey.key,
            verb=state,
            before={"state": before},
            after={"state": state},
        )
    )
    session.flush()
    return survey
