"""Where surveys stand: at the touchpoint they name, or, naming only a journey, at its end."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from collector import errors, journeys
from collector.instruments import own
from collector.surveys.models import Survey

Wrong = dict[str, list[str]]


def placed(
    session: Session, workspace_id: uuid.UUID, entries: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The entries, each with its touchpoint and its target.

    Raises 422 ``unknown_reference`` for names that are not here, 409 ``survey_is_bound`` for a survey that would
    move away from where, or from what, its answers belong to. One that stands at its journey's end follows that end.
    """
    wrong: Wrong = {}
    found = [_place(session, workspace_id, entry, f"surveys.{i}", wrong) for i, entry in enumerate(entries)]
    keys = [entry["key"] for entry in entries]
    wrong |= {f"surveys.{i}.key": ["stands twice"] for i, key in enumerate(keys) if key in keys[:i]}
    if wrong:
        raise errors.BadInput("The surveys name things that are not here.", "unknown_reference", wrong)
    for given, entry in zip(entries, found, strict=True):
        _check_bound(session, workspace_id, given, entry)
    return found


def _place(
    session: Session, workspace_id: uuid.UUID, entry: Mapping[str, Any], place: str, wrong: Wrong
) -> dict[str, Any]:
    touchpoint, journey = entry["touchpoint"], entry["journey"]
    version = journeys.find_journey(session, workspace_id, journey) if journey else None
    if journey and version is None:
        wrong[f"{place}.journey"] = [f"there is no journey {journey!r}"]
    elif touchpoint is None:
        touchpoint = version.last_touchpoint if version else None
        if touchpoint is None:
            wrong[f"{place}.touchpoint"] = ["missing, and there is no journey whose end it could stand at"]
    if touchpoint is not None and journeys.find_touchpoint(session, workspace_id, touchpoint) is None:
        wrong[f"{place}.touchpoint"] = [f"there is no touchpoint {touchpoint!r}"]
    try:
        # of one that has its own copy, that counts, whatever became of the template
        template = entry.get("worded") or own.find(session, workspace_id, entry["template"])
        if template.click and entry["mode"] != "community":
            wrong[f"{place}.template"] = ["asks about a picture, which only a run has: make a run of it"]
    except errors.NotFound as error:
        wrong[f"{place}.template"] = [error.detail]
    return {**entry, "touchpoint": touchpoint, "target": _target(session, workspace_id, entry)}


def _target(session: Session, workspace_id: uuid.UUID, entry: Mapping[str, Any]) -> str:
    """What the answers are about: as given, else as it stands, else the journey where only a journey is named."""
    survey = session.get(Survey, (workspace_id, entry["key"]))
    at_end = entry["touchpoint"] is None and entry["journey"] is not None
    standing = survey.target if survey else "journey" if at_end else "touchpoint"
    return entry.get("target") or standing


def _check_bound(
    session: Session, workspace_id: uuid.UUID, given: Mapping[str, Any], entry: Mapping[str, Any]
) -> None:
    survey = session.get(Survey, (workspace_id, entry["key"]))
    if survey is None:
        return
    moves = given["touchpoint"] is not None and survey.touchpoint != given["touchpoint"]
    if moves or survey.journey != entry["journey"]:
        detail = f"Survey {survey.key!r} stands at {survey.touchpoint!r}; its answers belong there. Use another key."
        raise errors.Conflict(detail, "survey_is_bound")
    if survey.target != entry["target"] and survey.state != "draft":
        detail = f"The answers of {survey.key!r} are about the {survey.target}. Use another key."
        raise errors.Conflict(detail, "survey_is_bound")
