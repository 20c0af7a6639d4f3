"""Which surveys stand at a touchpoint, and whether each may be asked: what a decision needs, without the wording."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from collector import revisions
from collector.surveys.models import Survey, SurveyVersion


@dataclass(frozen=True)
class Bound:
    """A survey with the series of its current version: what is known of it, remembered (see ``revisions``)."""

    key: str
    version: int
    series_id: uuid.UUID
    touchpoint: str
    journey: str | None
    target: str
    mode: str
    state: str
    starts_at: datetime | None
    ends_at: datetime | None
    quota: int | None
    answered: int
    policy: Mapping[str, Any]


@dataclass(frozen=True)
class Standing:
    """A survey at its touchpoint. ``state``: running, paused, not_started, ended or full (its quota is reached)."""

    key: str
    version: int
    series_id: uuid.UUID
    journey: str | None = None
    target: str = "touchpoint"
    state: str = "running"
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    policy: Mapping[str, Any] = field(default_factory=dict)
    mode: str = "permanent"


def standing_at(
    session: Session,
    workspace_id: uuid.UUID,
    touchpoint: str,
    journey: str | None,
    now: datetime,
    target: str | None = None,
) -> list[Standing]:
    """The surveys that a trigger at a touchpoint may ask whomever, most fitting first; drafts and closed ones are none."""
    return fitting(filter(asks_everybody, bound(session, workspace_id, [touchpoint])), journey, now, target)


def asks_everybody(survey: Bound) -> bool:
    """Whether a survey asks whoever comes by: one of a community asks those whom its run asks."""
    return survey.mode != "community"


def journey_at(candidates: Sequence[Standing], only: str | None) -> str | None:
    """The journey that a trigger which names none belongs to: its first survey's, else the ``only`` one passing there."""
    return (candidates[0].journey if candidates else None) or only


def running_at(rows: Iterable[Bound], journey: str, now: datetime) -> set[str]:
    """The touchpoints at which a survey may be asked now along a journey."""
    return {
        survey.touchpoint
        for survey in rows
        if survey.target != "journey"
        and asks_everybody(survey)
        and survey.journey in {None, journey}
        and state_of(survey, now) == "running"
    }


def asks_at_end(rows: Iterable[Bound], journey: str, now: datetime) -> bool:
    """Whether a question about this journey as a whole may be asked now."""
    return any(
        survey.target == "journey" and survey.journey == journey and state_of(survey, now) == "running"
        for survey in rows
        if asks_everybody(survey)
    )


def bound(
    session: Session, workspace_id: uuid.UUID, touchpoints: Collection[str] | None = None
) -> list[Bound]:
    """The surveys (published or paused) of some touchpoints, or of all, each with its running series."""
    return [
        survey
        for survey in known(session, workspace_id).values()
        if survey.state in {"published", "paused"}
        and (touchpoints is None or survey.touchpoint in touchpoints)
    ]


def known(session: Session, workspace_id: uuid.UUID) -> dict[str, Bound]:
    """Every survey of a workspace by its key, in the order of the keys."""
    return revisions.remember(
        session, workspace_id, "surveys", lambda: {each.key: each for each in _read(session, workspace_id)}
    )


def _read(session: Session, workspace_id: uuid.UUID) -> Iterator[Bound]:
    names = [name for name in Bound.__dataclass_fields__ if name != "series_id"]
    query = select(SurveyVersion.series_id, *(getattr(Survey, name) for name in names)).join(
        SurveyVersion,
        and_(
            SurveyVersion.workspace_id == Survey.workspace_id,
            SurveyVersion.key == Survey.key,
            SurveyVersion.version == Survey.version,
        ),
    )
    query = query.where(Survey.workspace_id == workspace_id).order_by(Survey.key)
    for row in session.execute(query):
        yield Bound(**row._mapping)


def fitting(
    rows: Iterable[Bound], journey: str | None, now: datetime, target: str | None = None
) -> list[Standing]:
    """Those of the given journey and those of none: running ones first, then a community's, then reserved (rare) ones, then
    those about the place itself, then the journey's. With a ``target``, only those about that.

    Without a given journey, the first one's journey is taken.
    """
    found = [
        _standing(survey, now)
        for survey in rows
        if (journey is None or survey.journey in {None, journey}) and target in {None, survey.target}
    ]
    found.sort(key=lambda survey: _order(survey, journey))
    chosen = journey or (found[0].journey if found else None)
    return [survey for survey in found if survey.journey in {None, chosen}]


def _order(survey: Standing, journey: str | None) -> tuple[bool, ...]:
    reserved, about_journey = bool(survey.policy.get("reserved")), survey.target == "journey"
    asks_all = survey.mode != "community"
    return survey.state != "running", asks_all, not reserved, about_journey, survey.journey != journey


def state_of(survey: Survey | Bound, now: datetime) -> str:
    """running, draft, paused, closed, not_started, ended or full."""
    if survey.state != "published":
        return survey.state
    if survey.starts_at is not None and now < survey.starts_at:
        return "not_started"
    if survey.ends_at is not None and survey.ends_at <= now:
        return "ended"
    return "full" if survey.quota is not None and survey.answered >= survey.quota else "running"


def _standing(survey: Bound, now: datetime) -> Standing:
    return Standing(
        key=survey.key,
        version=survey.version,
        series_id=survey.series_id,
        journey=survey.journey,
        target=survey.target,
        state=state_of(survey, now),
        starts_at=survey.starts_at,
        ends_at=survey.ends_at,
        policy=survey.policy,
        mode=survey.mode,
    )
