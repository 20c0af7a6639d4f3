"""A survey as its editor holds it: read from what stands, weighed against it, and saved through ``apply``.

There is one metric guard (``comparability``) for files, the API, the command line and the browser.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from collector import errors
from collector.instruments import Subject, Template, as_json, from_json
from collector.surveys import actions, comparability
from collector.surveys.models import Survey

SETTINGS = ("starts_at", "ends_at", "quota", "policy")


@dataclass(frozen=True)
class Draft:
    """A survey as it would be; what is not said here (its place, its mode) stays with the survey."""

    subject: Subject
    template: Template
    starts_at: datetime | None
    ends_at: datetime | None
    quota: int | None
    policy: Mapping[str, Any]

    @property
    def definition(self) -> dict[str, Any]:
        """What is asked, word for word, as a version keeps it."""
        return {"subject": self.subject, "template": as_json(self.template)}


@dataclass(frozen=True)
class Decision:
    """What to do where the number would break: a new series, or go on because it means the same (the reason)."""

    new_series: bool = False
    same_meaning: str = ""


def current(session: Session, survey: Survey) -> Draft:
    """The survey as it is."""
    definition = comparability.current(session, survey).definition
    settings = {name: getattr(survey, name) for name in SETTINGS}
    return Draft(definition["subject"], from_json(definition["template"]), **settings)


def breaks(session: Session, survey: Survey, draft: Draft) -> list[str]:
    """What of the change would make the number another one; [] for a draft, whose number nobody has seen."""
    if survey.state == "draft":
        return []
    return comparability.breaks(comparability.current(session, survey).definition, draft.definition)


def revise(
    session: Session, survey: Survey, draft: Draft, decision: Decision, actor: str, now: datetime
) -> actions.Plan:
    """Make the survey what the draft says.

    Raises 409 ``series_break`` where the number would break and nothing was decided, ``survey_closed`` for a closed
    survey, 422 ``not_same_meaning`` for a mark that cannot be true.
    """
    if survey.state == "closed":
        raise errors.Conflict("This survey is closed; what was asked stays as it was.", "survey_closed")
    entry = {
        **{name: getattr(survey, name) for name in ("key", "touchpoint", "journey", "target", "mode")},
        **{name: getattr(draft, name) for name in (*SETTINGS, "subject")},
        "template": draft.template.key,
        "worded": draft.template,
        "state": None,
        "same_meaning": decision.same_meaning or None,
    }
    return actions.apply(session, survey.workspace_id, [entry], actor, now, confirm_break=decision.new_series)
