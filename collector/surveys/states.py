"""A survey's life: draft -> published <-> paused; from each of them to closed, which is the end."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from collector import errors
from collector.changes import record
from collector.instruments import from_json
from collector.surveys import comparability, wording
from collector.surveys.models import Survey

NEXT: dict[str, frozenset[str]] = {
    "draft": frozenset({"published", "closed"}),
    "published": frozenset({"paused", "closed"}),
    "paused": frozenset({"published", "closed"}),
    "closed": frozenset(),
}


def change(session: Session, survey: Survey, state: str, actor: str, now: datetime) -> Survey:
    """Move a survey to a state; the same again changes nothing.

    Raises 409 ``bad_transition``, and 422 ``no_subject`` where one would be published that says in no language what
    it is about.
    """
    if state == survey.state:
        return survey
    if state not in NEXT[survey.state]:
        ways = ", ".join(sorted(NEXT[survey.state])) or "nothing"
        raise errors.Conflict(
            f"Survey {survey.key!r} is {survey.state}; from there it can become: {ways}.", "bad_transition"
        )
    if state == "published" and survey.state == "draft":
        asked = comparability.current(session, survey).definition
        wording.check_asks(from_json(asked["template"]), asked["subject"])
    before, survey.state = survey.state, state
    survey.revision += 1
    record(
        session,
        survey.workspace_id,
        now,
        actor,
        state,
        "survey",
        survey.key,
        {"state": before},
        {"state": state},
    )
    session.flush()
    return survey
