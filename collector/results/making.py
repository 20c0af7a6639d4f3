"""Verbs: make and change a run as it was typed, with its hypotheses checked and its sample size planned."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from collector import errors, journeys, surveys
from collector.communities import runs
from collector.communities.runs import Hypothesis, StoredRun
from collector.results import measures, planning, reading


def create(
    session: Session, workspace_id: uuid.UUID, given: Mapping[str, Any], actor: str, now: datetime
) -> StoredRun:
    """Make a draft; raises 403 for a touchpoint out of scope and 422 for a measure that the survey does not have."""
    with session.begin_nested():
        run = runs.create(session, workspace_id, given, actor, now)
        journeys.scoping.demand(session, [run.touchpoint])
        _complete(session, run)
    return run


def change(
    session: Session, run: StoredRun, given: Mapping[str, Any], actor: str, now: datetime
) -> StoredRun:
    """Change a run, as far as its state allows."""
    with session.begin_nested():
        runs.change(session, run, _planned(session, run, given), actor, now)
        if run.state == "draft":
            _complete(session, run)
    return run


def measures_of(session: Session, run: StoredRun) -> dict[str, measures.Measure]:
    """What the run can measure."""
    return measures.of_survey(reading.measured(session, run.workspace_id, run.survey))


def planned_n(session: Session, run: StoredRun, hypotheses: list[Any]) -> planning.Planned | None:
    """The sample size for the first hypothesis, for which a run is planned."""
    known = measures_of(session, run)
    first = next((Hypothesis.of(each) for each in hypotheses), None)
    return planning.plan(first, known[first.measure]) if first and first.measure in known else None


def survey_of(published: surveys.Published) -> list[str]:
    """The keys of what a survey measures."""
    return list(measures.of_survey(published))


def _complete(session: Session, run: StoredRun) -> None:
    known = measures_of(session, run)
    is_open = runs.is_open(reading.measured(session, run.workspace_id, run.survey).template)
    if is_open or (not run.hypotheses and runs.pictures.explores(session, run)):
        run.design = "always_valid"  # nothing is decided, so nothing is kept back until it is
    if strange := sorted({each["measure"] for each in run.hypotheses} - set(known)):
        names = ", ".join(known) or "nothing"
        raise errors.BadInput(
            f"The survey does not measure {', '.join(strange)}; it measures: {names}.",
            "unknown_measure",
            {"hypotheses": ["names something that the survey does not measure"]},
        )
    if run.design == "fixed" and run.n is None and (found := planned_n(session, run, run.hypotheses)):
        run.n = found.n
        session.flush()


def _planned(session: Session, run: StoredRun, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """What was given, with the planned n where none is, so that the same again changes nothing."""
    if given.get("design") != "fixed" or given.get("n") is not None:
        return given
    found = planned_n(session, run, given.get("hypotheses", []))
    return {**given, "n": found.n if found else None}
