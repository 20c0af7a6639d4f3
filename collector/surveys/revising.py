"""The metric guard: a survey changes by versions, and its number breaks only when somebody says so.

While a survey is a draft nobody was asked, so nothing can break. Afterwards a change that the number depends on needs
a decision: a new series, or (words only) the mark that it means the same, kept with name and reason.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from collector import clock, errors
from collector.surveys import series
from collector.surveys.models import MetricSeries, Survey, SurveyVersion
from collector.surveys.template import Template
from collector.surveys.template_schema import as_json, from_json

SETTINGS = ("starts_at", "ends_at", "quota", "policy")
NEVER_THE_SAME = frozenset({"kind", "scale", "direction", "layout"})
MOVES: dict[str, tuple[str, ...]] = {
    "draft": ("published", "closed"),
    "published": ("paused", "closed"),
    "paused": ("published", "closed"),
    "closed": (),
}


@dataclass(frozen=True)
class Draft:
    """A survey as it would be; what is not said here (its place, its mode) stays with the survey."""

    subject: str
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
    definition = newest(session, survey).definition
    settings = {name: getattr(survey, name) for name in SETTINGS}
    return Draft(definition["subject"], from_json(definition["template"]), **settings)


def newest(session: Session, survey: Survey) -> SurveyVersion:
    """The version that is asked now."""
    return session.get_one(SurveyVersion, (survey.workspace_id, survey.key, survey.version))


def breaks(session: Session, survey: Survey, draft: Draft) -> list[str]:
    """What of the change would make the number another one; [] for a draft, whose number nobody has seen."""
    if survey.state == "draft":
        return []
    before = current(session, survey)
    return series.breaks(before.template, draft.template, before.subject, draft.subject)


def revise(
    session: Session, survey: Survey, draft: Draft, decision: Decision, actor: str, now: datetime
) -> bool:
    """Make the survey what the draft says; whether anything changed.

    Raises 409 ``breaks_series`` where the number would break and nothing was decided, or cannot mean the same.
    """
    broken = breaks(session, survey, draft)
    if broken and not decision.new_series:
        _check_same_meaning(broken, decision)
    changed = [name for name in SETTINGS if getattr(survey, name) != getattr(draft, name)]
    for name in changed:
        setattr(survey, name, getattr(draft, name))
    before = newest(session, survey)
    if draft.definition != before.definition:
        _add_version(session, survey, before, draft, broken, decision, actor, now)
        changed.append("version")
    if changed:
        survey.revision += 1
        session.flush()
    return bool(changed)


def set_state(session: Session, survey: Survey, state: str) -> None:
    """Publish, pause, resume or close; a closed survey stays closed. Raises 409 ``no_such_move`` for any other step."""
    if state not in MOVES[survey.state]:
        raise errors.Conflict(f"A survey that is {survey.state} cannot become {state}.", "no_such_move")
    survey.state = state
    survey.revision += 1
    session.flush()


def _check_same_meaning(broken: list[str], decision: Decision) -> None:
    fixed = [name for name in broken if name in NEVER_THE_SAME]
    if decision.same_meaning and not fixed:
        return
    says = f"{', '.join(fixed or broken)} would change, and the number with it"
    fields = {name: ["breaks the series"] for name in fixed or broken}
    raise errors.Conflict(f"Decide about the series first: {says}.", "breaks_series", fields)


def _add_version(
    session: Session,
    survey: Survey,
    before: SurveyVersion,
    draft: Draft,
    broken: list[str],
    decision: Decision,
    actor: str,
    now: datetime,
) -> None:
    goes_on = not (broken and decision.new_series)
    survey.version, survey.template = survey.version + 1, draft.template.key
    row = SurveyVersion(
        workspace_id=survey.workspace_id,
        key=survey.key,
        version=survey.version,
        series_id=_go_on(session, before, draft)
        if goes_on
        else _start_anew(session, before, draft, broken, now),
        definition=draft.definition,
        note=f"{actor}: {decision.same_meaning}"[:500] if broken and goes_on else "",
        created_at=now,
        created_by=actor,
    )
    session.add(row)
    session.flush()


def _go_on(session: Session, before: SurveyVersion, draft: Draft) -> uuid.UUID:
    """The running series, which from now on is bound to the words as they are now."""
    row = session.get_one(MetricSeries, (before.workspace_id, before.series_id))
    row.fingerprint = series.fingerprint(draft.template, draft.subject)
    row.metric = draft.template.metric or "none"
    return row.series_id


def _start_anew(
    session: Session, before: SurveyVersion, draft: Draft, broken: list[str], now: datetime
) -> uuid.UUID:
    row = MetricSeries(
        workspace_id=before.workspace_id,
        series_id=clock.new_id(),
        survey=before.key,
        metric=draft.template.metric or "none",
        fingerprint=series.fingerprint(draft.template, draft.subject),
        started_at=now,
        follows=before.series_id,
        broken_by=broken,
    )
    session.add(row)
    session.flush()
    return row.series_id
