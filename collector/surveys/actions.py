"""Verbs: apply surveys, find the one to ask, read a version."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import clock, errors, revisions
from collector.instruments import Template, facets, from_json
from collector.surveys import binding, comparability, running, states, wording
from collector.surveys.models import MetricSeries, Survey, SurveyVersion
from collector.surveys.published import Published

SETTINGS = ("mode", "starts_at", "ends_at", "quota", "policy")  # what an entry sets beside the words


@dataclass
class Plan:
    """What applying did (or would do), by survey key; ``breaks`` says what ended a series and began another.

    ``without_subject``: the languages in which nobody is asked, as ``subject`` has no text there.
    """

    created: list[str] = field(default_factory=list)
    versioned: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    breaks: dict[str, list[str]] = field(default_factory=dict)
    without_subject: dict[str, list[str]] = field(default_factory=dict)


def apply(
    session: Session,
    workspace_id: uuid.UUID,
    entries: Sequence[Mapping[str, Any]],
    actor: str,
    now: datetime,
    confirm_break: bool = False,
) -> Plan:
    """Create or change surveys by key; the same again changes nothing.

    Raises 422 for what does not fit and 409 ``series_break`` where a survey's number would
    no longer be comparable and ``confirm_break`` is not given.
    """
    placed = binding.placed(session, workspace_id, entries)
    known = {entry["key"]: session.get(Survey, (workspace_id, entry["key"])) for entry in placed}
    comparability.check(session, placed, known, confirm_break)
    done = Plan(without_subject=wording.check_subjects(session, workspace_id, placed, known))
    for entry in placed:
        survey = known[entry["key"]]
        if survey is None:
            _create(session, workspace_id, entry, actor, now)
            done.created.append(entry["key"])
            continue
        if survey.state != "draft" and (broken := comparability.broken_by(session, survey, entry)):
            done.breaks[survey.key] = broken
        getattr(done, _change(session, survey, entry, actor, now)).append(survey.key)
    session.flush()
    return done


def plan(
    session: Session, workspace_id: uuid.UUID, entries: Sequence[Mapping[str, Any]], actor: str, now: datetime
) -> Plan:
    """What ``apply`` would do, breaks and all; nothing is kept of it."""
    with session.begin_nested() as trial:
        found = apply(session, workspace_id, entries, actor, now, confirm_break=True)
        trial.rollback()
    return found


def list_surveys(session: Session, workspace_id: uuid.UUID) -> list[Survey]:
    return list(
        session.scalars(select(Survey).where(Survey.workspace_id == workspace_id).order_by(Survey.key))
    )


def page(
    session: Session, workspace_id: uuid.UUID, after: str, limit: int
) -> tuple[list[Survey], str | None]:
    """At most ``limit`` surveys whose keys follow ``after``, and where the next page begins, if there is one."""
    query = select(Survey).where(Survey.workspace_id == workspace_id, Survey.key > after)
    found = list(session.scalars(query.order_by(Survey.key).limit(limit + 1)))
    return found[:limit], found[limit - 1].key if len(found) > limit else None


def get(session: Session, workspace_id: uuid.UUID, key: str) -> Survey:
    survey = session.get(Survey, (workspace_id, key))
    if survey is None:
        raise errors.NotFound(f"There is no survey {key!r}.", "unknown_survey")
    return survey


def find(session: Session, workspace_id: uuid.UUID, key: str) -> Survey | None:
    """A survey, or None."""
    return session.get(Survey, (workspace_id, key))


def version(session: Session, workspace_id: uuid.UUID, key: str, number: int) -> Published:
    """One version of a survey, as it was or is asked; remembered (see ``revisions``)."""
    return revisions.remember(
        session, workspace_id, ("version", key, number), lambda: _read(session, workspace_id, key, number)
    )


def _read(session: Session, workspace_id: uuid.UUID, key: str, number: int) -> Published:
    row = session.get(SurveyVersion, (workspace_id, key, number))
    if row is None:
        raise errors.NotFound(f"There is no version {number} of survey {key!r}.", "unknown_survey")
    return _published(session, row)


def at_touchpoint(
    session: Session,
    workspace_id: uuid.UUID,
    touchpoint: str,
    journey: str | None,
    now: datetime,
    volunteered: bool = False,
) -> Published | None:
    """The survey asked at a touchpoint now: one of the given journey before one of none; None where there is none."""
    published = Survey.state == "published", Survey.mode != "community"
    query = select(Survey).where(
        Survey.workspace_id == workspace_id, Survey.touchpoint == touchpoint, *published
    )
    fitting = [
        survey
        for survey in session.scalars(query.order_by(Survey.key))
        if (journey is None or survey.journey in {None, journey}) and _is_running(survey, now)
    ]
    fitting.sort(key=lambda survey: (survey.target == "journey", survey.journey != journey))
    return version(session, workspace_id, fitting[0].key, fitting[0].version) if fitting else None


def belonging(
    session: Session,
    workspace_id: uuid.UUID,
    touchpoint: str,
    journey: str | None,
    key: str | None,
    target: str | None = None,
) -> Published | None:
    """The survey that an answer given elsewhere belongs to, running or over: the named one, else the touchpoint's.

    With a ``target``, only one whose answers are about that."""
    query = select(Survey).where(
        Survey.workspace_id == workspace_id, Survey.touchpoint == touchpoint, Survey.state != "draft"
    )
    fitting = [
        survey
        for survey in session.scalars(query.order_by(Survey.key))
        if (survey.key == key if key else _fits(survey, journey)) and target in {None, survey.target}
    ]
    fitting.sort(key=lambda each: (each.target == "journey", each.state == "closed", each.journey != journey))
    return version(session, workspace_id, fitting[0].key, fitting[0].version) if fitting else None


def _fits(survey: Survey, journey: str | None) -> bool:
    """Of the journey or of none, and not one that only holds answers of an import, or those of a run."""
    fits = (journey is None or survey.journey in {None, journey}) and "imported" not in survey.policy
    return fits and survey.mode != "community"


def versions(session: Session, workspace_id: uuid.UUID, key: str) -> list[SurveyVersion]:
    """The versions of a survey, newest first, with who made them and why."""
    query = select(SurveyVersion).where(SurveyVersion.workspace_id == workspace_id, SurveyVersion.key == key)
    return list(session.scalars(query.order_by(SurveyVersion.version.desc())))


def series_of(session: Session, workspace_id: uuid.UUID, survey: str) -> list[MetricSeries]:
    """The metric series of a survey, oldest first: where one follows another, the number broke."""
    query = select(MetricSeries).where(
        MetricSeries.workspace_id == workspace_id, MetricSeries.survey == survey
    )
    return list(session.scalars(query.order_by(MetricSeries.started_at, MetricSeries.series_id)))


def _is_running(survey: Survey, now: datetime) -> bool:
    started = survey.starts_at is None or survey.starts_at <= now
    return started and (survey.ends_at is None or now < survey.ends_at)


def _create(
    session: Session, workspace_id: uuid.UUID, entry: Mapping[str, Any], actor: str, now: datetime
) -> None:
    names = ("key", "touchpoint", "journey", "target", "template", *SETTINGS)
    given = {name: entry[name] for name in names}
    survey = Survey(workspace_id=workspace_id, version=1, state=entry["state"] or "published", **given)
    session.add(survey)
    session.flush()
    _add_version(session, survey, entry, None, actor, now)


def _change(session: Session, survey: Survey, entry: Mapping[str, Any], actor: str, now: datetime) -> str:
    wanted = {name: entry[name] for name in SETTINGS} | {
        name: entry[name] for name in ("touchpoint", "target")
    }
    changed = [name for name, value in wanted.items() if getattr(survey, name) != value]
    for name in changed:
        setattr(survey, name, wanted[name])
    if entry["state"] and entry["state"] != survey.state:
        states.change(session, survey, entry["state"], actor, now)
        changed.append("state")
    before = comparability.current(session, survey)
    if before.definition != comparability.definition(session, survey.workspace_id, entry):
        survey.template, survey.version = entry["template"], survey.version + 1
        _add_version(session, survey, entry, before, actor, now)
        changed.insert(0, "version")
    survey.revision += 1 if changed else 0
    return "versioned" if "version" in changed else "changed" if changed else "unchanged"


def _add_version(
    session: Session,
    survey: Survey,
    entry: Mapping[str, Any],
    before: SurveyVersion | None,
    actor: str,
    now: datetime,
) -> None:
    made = comparability.definition(session, survey.workspace_id, entry)
    meant = entry.get("same_meaning")
    session.add(
        SurveyVersion(
            workspace_id=survey.workspace_id,
            key=survey.key,
            version=survey.version,
            series_id=before.series_id if before and meant else _series(session, survey, made, before, now),
            definition=made,
            note=f"{actor}: {meant}"[:500] if before and meant else "",
            created_at=now,
            created_by=actor,
        )
    )
    session.flush()


def _series(
    session: Session, survey: Survey, definition: dict[str, Any], before: SurveyVersion | None, now: datetime
) -> uuid.UUID:
    """The running series where the number stays comparable, else a new one."""
    broken = comparability.breaks(before.definition, definition) if before else []
    template = from_json(definition["template"])
    if before is not None and (not broken or survey.state == "draft"):
        running = session.get_one(MetricSeries, (survey.workspace_id, before.series_id))
        if broken:  # nobody was asked yet, so there is nothing to break: the series begins with these words
            running.metric = template.metric or "none"
            running.fingerprint = facets.fingerprint(template, definition["subject"])
        return before.series_id
    row = MetricSeries(
        workspace_id=survey.workspace_id,
        series_id=clock.new_id(),
        survey=survey.key,
        metric=template.metric or "none",
        fingerprint=facets.fingerprint(template, definition["subject"]),
        started_at=now,
        follows=before.series_id if before else None,
        broken_by=broken,
    )
    session.add(row)
    session.flush()
    return row.series_id


def _published(session: Session, row: SurveyVersion) -> Published:
    survey = running.known(session, row.workspace_id)[row.key]
    metric = select(MetricSeries.metric).where(
        MetricSeries.workspace_id == row.workspace_id, MetricSeries.series_id == row.series_id
    )
    return Published(
        workspace_id=row.workspace_id,
        key=row.key,
        version=row.version,
        series_id=row.series_id,
        metric=session.scalars(metric).first() or "none",
        touchpoint=survey.touchpoint,
        journey=survey.journey,
        target=survey.target,
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
