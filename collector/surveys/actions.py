"""Verbs: apply surveys, find the one to ask, read a version."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import clock, errors, journeys
from collector.surveys import series
from collector.surveys.models import MetricSeries, Survey, SurveyVersion
from collector.surveys.published import Published
from collector.surveys.template import Template
from collector.surveys.template_files import template as shipped_template
from collector.surveys.template_schema import as_json, from_json

SETTINGS = ("mode", "state", "starts_at", "ends_at", "quota", "policy")


@dataclass
class Plan:
    """What applying did (or would do), by survey key."""

    created: list[str] = field(default_factory=list)
    versioned: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)


def apply(
    session: Session, workspace_id: uuid.UUID, entries: Sequence[Mapping[str, Any]], actor: str, now: datetime
) -> Plan:
    """Create or change surveys by key; the same again changes nothing. Raises 422 before anything is changed."""
    _check_references(session, workspace_id, entries)
    plan = Plan()
    for entry in entries:
        survey = session.get(Survey, (workspace_id, entry["key"]))
        if survey is None:
            _create(session, workspace_id, entry, actor, now)
            plan.created.append(entry["key"])
        else:
            getattr(plan, _change(session, survey, entry, actor, now)).append(entry["key"])
    session.flush()
    return plan


def list_surveys(session: Session, workspace_id: uuid.UUID) -> list[Survey]:
    return list(
        session.scalars(select(Survey).where(Survey.workspace_id == workspace_id).order_by(Survey.key))
    )


def get(session: Session, workspace_id: uuid.UUID, key: str) -> Survey:
    survey = session.get(Survey, (workspace_id, key))
    if survey is None:
        raise errors.NotFound(f"There is no survey {key!r}.", "unknown_survey")
    return survey


def version(session: Session, workspace_id: uuid.UUID, key: str, number: int) -> Published:
    """One version of a survey, as it was or is asked."""
    row = session.get(SurveyVersion, (workspace_id, key, number))
    if row is None:
        raise errors.NotFound(f"There is no version {number} of survey {key!r}.", "unknown_survey")
    return _published(session, get(session, workspace_id, key), row)


def at_touchpoint(
    session: Session,
    workspace_id: uuid.UUID,
    touchpoint: str,
    journey: str | None,
    now: datetime,
    volunteered: bool = False,
) -> Published | None:
    """The survey asked at a touchpoint now: one of the given journey before one of none; None where there is none."""
    query = select(Survey).where(
        Survey.workspace_id == workspace_id, Survey.touchpoint == touchpoint, Survey.state == "published"
    )
    fitting = [
        survey
        for survey in session.scalars(query.order_by(Survey.key))
        if (journey is None or survey.journey in {None, journey}) and _is_running(survey, now)
    ]
    fitting.sort(key=lambda survey: survey.journey != journey)
    return version(session, workspace_id, fitting[0].key, fitting[0].version) if fitting else None


def series_of(session: Session, workspace_id: uuid.UUID, survey: str) -> list[MetricSeries]:
    """The metric series of a survey, oldest first: where one follows another, the number broke."""
    query = select(MetricSeries).where(
        MetricSeries.workspace_id == workspace_id, MetricSeries.survey == survey
    )
    return list(session.scalars(query.order_by(MetricSeries.started_at, MetricSeries.series_id)))


def _is_running(survey: Survey, now: datetime) -> bool:
    started = survey.starts_at is None or survey.starts_at <= now
    return started and (survey.ends_at is None or now < survey.ends_at)


def _check_references(
    session: Session, workspace_id: uuid.UUID, entries: Sequence[Mapping[str, Any]]
) -> None:
    wrong: dict[str, list[str]] = {}
    for index, entry in enumerate(entries):
        place = f"surveys.{index}"
        if journeys.find_touchpoint(session, workspace_id, entry["touchpoint"]) is None:
            wrong[f"{place}.touchpoint"] = [f"there is no touchpoint {entry['touchpoint']!r}"]
        if entry["journey"] and journeys.find_journey(session, workspace_id, entry["journey"]) is None:
            wrong[f"{place}.journey"] = [f"there is no journey {entry['journey']!r}"]
        try:
            shipped_template(entry["template"])
        except errors.NotFound as error:
            wrong[f"{place}.template"] = [error.detail]
    keys = [entry["key"] for entry in entries]
    wrong |= {f"surveys.{i}.key": ["stands twice"] for i, key in enumerate(keys) if key in keys[:i]}
    if wrong:
        raise errors.BadInput("The surveys name things that are not here.", "unknown_reference", wrong)


def _create(
    session: Session, workspace_id: uuid.UUID, entry: Mapping[str, Any], actor: str, now: datetime
) -> None:
    names = ("key", "touchpoint", "journey", "template", *SETTINGS)
    survey = Survey(workspace_id=workspace_id, version=1, **{name: entry[name] for name in names})
    session.add(survey)
    session.flush()
    _add_version(session, survey, entry, None, actor, now)


def _change(session: Session, survey: Survey, entry: Mapping[str, Any], actor: str, now: datetime) -> str:
    if (survey.touchpoint, survey.journey) != (entry["touchpoint"], entry["journey"]):
        detail = f"Survey {survey.key!r} stands at {survey.touchpoint!r}; its answers belong there. Use another key."
        raise errors.Conflict(detail, "survey_is_bound")
    changed = [name for name in SETTINGS if getattr(survey, name) != entry[name]]
    for name in changed:
        setattr(survey, name, entry[name])
    current = session.get(SurveyVersion, (survey.workspace_id, survey.key, survey.version))
    template = shipped_template(entry["template"])
    if current is not None and current.definition != _definition(template, entry):
        survey.template, survey.version = entry["template"], survey.version + 1
        _add_version(session, survey, entry, current, actor, now)
        return "versioned"
    return "changed" if changed else "unchanged"


def _add_version(
    session: Session,
    survey: Survey,
    entry: Mapping[str, Any],
    before: SurveyVersion | None,
    actor: str,
    now: datetime,
) -> None:
    template = shipped_template(entry["template"])
    session.add(
        SurveyVersion(
            workspace_id=survey.workspace_id,
            key=survey.key,
            version=survey.version,
            series_id=_series(session, survey, _definition(template, entry), before, now),
            definition=_definition(template, entry),
            note="",
            created_at=now,
            created_by=actor,
        )
    )
    session.flush()


def _series(
    session: Session, survey: Survey, definition: dict[str, Any], before: SurveyVersion | None, now: datetime
) -> uuid.UUID:
    """The running series where the number stays comparable, else a new one."""
    template, subject = from_json(definition["template"]), definition["subject"]
    fingerprint = series.fingerprint(template, subject)
    old = session.get(MetricSeries, (survey.workspace_id, before.series_id)) if before else None
    if old is not None and old.fingerprint == fingerprint:
        return old.series_id
    row = MetricSeries(
        workspace_id=survey.workspace_id,
        series_id=clock.new_id(),
        survey=survey.key,
        metric=template.metric or "none",
        fingerprint=fingerprint,
        started_at=now,
        follows=old.series_id if old else None,
        broken_by=_breaks(before.definition, template, subject) if before else [],
    )
    session.add(row)
    session.flush()
    return row.series_id


def _breaks(before: Mapping[str, Any], template: Template, subject: str) -> list[str]:
    return series.breaks(from_json(before["template"]), template, before["subject"], subject)


def _definition(template: Template, entry: Mapping[str, Any]) -> dict[str, Any]:
    return {"subject": entry["subject"], "template": as_json(template)}


def _published(session: Session, survey: Survey, row: SurveyVersion) -> Published:
    metric = session.get(MetricSeries, (row.workspace_id, row.series_id))
    return Published(
        workspace_id=row.workspace_id,
        key=row.key,
        version=row.version,
        series_id=row.series_id,
        metric=metric.metric if metric else "none",
        touchpoint=survey.touchpoint,
        journey=survey.journey,
        subject=row.definition["subject"],
        template=_template(row),
    )


def _template(row: SurveyVersion) -> Template:
    """A version never changes, so its template is read once per process."""
    key = (row.workspace_id, row.key, row.version)
    if key not in _templates:
        if len(_templates) > 2000:
            _templates.clear()
        _templates[key] = from_json(row.definition["template"])
    return _templates[key]


_templates: dict[tuple[uuid.UUID, str, int], Template] = {}
