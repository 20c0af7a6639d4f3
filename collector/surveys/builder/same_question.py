"""By which question each journey is read: said where a survey is made, and beside one that asks another."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from collector import journeys
from collector.journeys import Journey
from collector.surveys import actions, mixing
from collector.surveys.models import Survey

MOST = 10
"""Journeys named where a survey is made: more would be a list that nobody reads."""


def read_by(session: Session, workspace_id: uuid.UUID) -> Sequence[tuple[Journey, str]]:
    """The journeys in use with the question by which each is read, the first few."""
    entries = _entries(actions.list_surveys(session, workspace_id))
    found = [
        (journey, mixing.leading(mixing.questions(entries, journey), journey))
        for journey in journeys.list_journeys(session, workspace_id, limit=500).items
    ]
    return [(journey, leads) for journey, leads in found if leads][:MOST]


def advice(session: Session, survey: Survey) -> Sequence[mixing.Mixed]:
    """The journeys in which this survey's touchpoint cannot be compared with the rest, as it asks another question."""
    others = actions.list_surveys(session, survey.workspace_id)
    passing = journeys.journeys_of(session, survey.workspace_id, survey.touchpoint)
    asked = [journey for journey in passing if mixing.questions(_entries([survey]), journey)]
    return [each for each in mixing.mixed(_entries(others), asked) if survey.touchpoint in each.beside]


def _entries(surveys: Sequence[Survey]) -> list[Mapping[str, Any]]:
    names = ("template", "touchpoint", "journey", "target")
    return [{name: getattr(each, name) for name in names} for each in surveys if each.state != "closed"]
