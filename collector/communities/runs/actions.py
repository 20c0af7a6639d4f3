"""Verbs: make a run, change its draft, start it, conclude it. What was fixed at the start stays as it is."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import db, errors, surveys
from collector.changes import record
from collector.communities.runs import pictures
from collector.communities.runs.hypothesis import is_open
from collector.communities.runs.models import StoredRun

DRAFTED = ("name", "assumption", "panel", "only", "sample", "cells", "variants", "hypotheses", "design", "n", "starts_at", "ends_at")  # fmt: skip
"""What may change while a run is a draft, and is locked from its start on."""
RENAMEABLE = ("name", "ends_at")
"""What may change later: it bears on no result. (An end may be put off: answers are counted, not days.)"""


def create(
    session: Session, workspace_id: uuid.UUID, given: Mapping[str, Any], actor: str, now: datetime
) -> StoredRun:
    """A draft, bound to its survey's touchpoint and journey; without a ``survey`` one is made from ``template``.

    Raises 409 ``known_key``, and 409 ``survey_has_run`` for a survey that another run asks with.
    """
    if session.get(StoredRun, (workspace_id, given["key"])) is not None:
        raise errors.Conflict("There is a run of this key already.", "known_key", {"key": ["is taken"]})
    survey = _survey(session, workspace_id, given, actor, now)
    run = StoredRun(
        workspace_id=workspace_id,
        key=given["key"],
        survey=survey.key,
        touchpoint=survey.touchpoint,
        journey=survey.journey,
        created_by=actor,
        created_at=now,
        **{name: given[name] for name in DRAFTED},
    )
    session.add(run)
    session.flush()
    record(session, workspace_id, now, actor, "created", "run", run.key, None, _said(run))
    return run


def change(
    session: Session, run: StoredRun, given: Mapping[str, Any], actor: str, now: datetime
) -> StoredRun:
    """Change a draft; of a run that has started only its name and its end. Raises 409 ``run_is_locked``."""
    before = _said(run)
    changed = [name for name in DRAFTED if name in given and getattr(run, name) != given[name]]
    locked = [name for name in changed if run.state != "draft" and name not in RENAMEABLE]
    if locked or (changed and run.state == "concluded"):
        fields = {name: ["was fixed when the run started"] for name in locked or changed}
        raise errors.Conflict(
            f"Run {run.key!r} is {run.state}: what it asks whom, and its hypotheses, were fixed when it started, so that "
            "nobody can move them to fit the answers. Make another run.",
            "run_is_locked",
            fields,
        )
    for name in changed:
        setattr(run, name, given[name])
    if changed:
        pictures.without_variants_gone(session, run)
        session.flush()
        record(session, run.workspace_id, now, actor, "changed", "run", run.key, before, _said(run))
    return run


def start(session: Session, run: StoredRun, actor: str, now: datetime) -> StoredRun:
    """From now on the run asks, and its hypotheses are locked; its survey is published. Raises 409 ``bad_run_state``.

    The row is held: whoever is just uploading a picture has done so before, or comes too late.
    """
    query = select(StoredRun).where(StoredRun.workspace_id == run.workspace_id, StoredRun.key == run.key)
    run = session.scalars(db.lock(session, query).execution_options(populate_existing=True)).one()
    if run.state == "running":
        return run
    if run.state != "draft":
        raise errors.Conflict(f"Run {run.key!r} is concluded; make another one.", "bad_run_state")
    pictures.check_complete(session, run)
    survey = surveys.get(session, run.workspace_id, run.survey)
    is_for_looking = not run.hypotheses and pictures.explores(session, run)
    if not is_for_looking and not is_open(
        surveys.version(session, run.workspace_id, run.survey, survey.version).template
    ):
        _check_complete(run)
    surveys.change_state(session, survey, "published", actor, now)
    return _move(session, run, "running", actor, now, started_at=now)


def conclude(
    session: Session, run: StoredRun, verdict: Mapping[str, Any], actor: str, now: datetime
) -> StoredRun:
    """The run is over, with what it came to; its survey is closed. Raises 409 ``bad_run_state``."""
    if run.state != "running":
        raise errors.Conflict(f"Run {run.key!r} is {run.state}; only a running one ends.", "bad_run_state")
    survey = surveys.get(session, run.workspace_id, run.survey)
    surveys.change_state(session, survey, "closed", actor, now)
    return _move(
        session, run, "concluded", actor, now, verdict=dict(verdict), concluded_at=now, concluded_by=actor
    )


def get(session: Session, workspace_id: uuid.UUID, key: str) -> StoredRun:
    """The run of this key; raises 404 where there is none, or none in the caller's scope."""
    query = select(StoredRun).where(StoredRun.workspace_id == workspace_id, StoredRun.key == key)
    run = session.scalars(query).first()
    if run is None:
        raise errors.NotFound(f"There is no run {key!r}.", "unknown_run")
    return run


def page(
    session: Session,
    workspace_id: uuid.UUID,
    after: str = "",
    limit: int = 100,
    state: str | None = None,
    touchpoint: str | None = None,
) -> tuple[list[StoredRun], str | None]:
    """At most ``limit`` runs whose keys follow ``after``, and where the next page begins, if there is one."""
    query = select(StoredRun).where(StoredRun.workspace_id == workspace_id, StoredRun.key > after)
    query = query.where(StoredRun.state == state) if state else query
    query = query.where(StoredRun.touchpoint == touchpoint) if touchpoint else query
    found = list(session.scalars(query.order_by(StoredRun.key).limit(limit + 1)))
    return found[:limit], found[limit - 1].key if len(found) > limit else None


def _survey(
    session: Session, workspace_id: uuid.UUID, given: Mapping[str, Any], actor: str, now: datetime
) -> surveys.Survey:
    if given.get("survey"):
        survey = surveys.get(session, workspace_id, given["survey"])
        _check_free(session, survey)
        return survey
    if surveys.find(session, workspace_id, given["key"]) is not None:
        raise errors.Conflict(
            f"There is a survey {given['key']!r} already. Name it as `survey`, or choose another key.",
            "known_key",
        )
    names = ("template", "touchpoint", "journey", "subject")
    entry = {"key": given["key"], "mode": "community", "state": "draft"}
    surveys.apply(
        session, workspace_id, [surveys.entry(entry | {name: given[name] for name in names})], actor, now
    )
    return surveys.get(session, workspace_id, given["key"])


def _check_free(session: Session, survey: surveys.Survey) -> None:
    if survey.mode != "community" or survey.state == "closed":
        raise errors.Conflict(
            f"Survey {survey.key!r} is {survey.mode} and {survey.state}; a run asks with one of mode community that is "
            "not closed.",
            "not_of_a_community",
        )
    query = select(StoredRun.key).where(
        StoredRun.workspace_id == survey.workspace_id, StoredRun.survey == survey.key
    )
    if taken := session.scalars(query).first():
        raise errors.Conflict(
            f"Survey {survey.key!r} belongs to the run {taken!r}; its answers would be mixed up.",
            "survey_has_run",
        )


def _check_complete(run: StoredRun) -> None:
    """A run that starts has something to find out."""
    if not run.hypotheses:
        raise errors.BadInput(
            "Say first what the run wants to find out: afterwards nobody could.",
            "no_hypothesis",
            {"hypotheses": ["is missing"]},
        )
    if run.design == "fixed" and not run.n:
        raise errors.BadInput(
            "Say how many answers decide; the helper beside the field computes it.",
            "no_sample_size",
            {"n": ["is missing"]},
        )


def _move(
    session: Session, run: StoredRun, state: str, actor: str, now: datetime, **columns: Any
) -> StoredRun:
    before, run.state = run.state, state
    for name, value in columns.items():
        setattr(run, name, value)
    session.flush()
    verb = "started" if state == "running" else "concluded"
    record(session, run.workspace_id, now, actor, verb, "run", run.key, {"state": before}, {"state": state})
    return run


def _said(run: StoredRun) -> dict[str, Any]:
    said = {name: getattr(run, name) for name in DRAFTED}
    return {**said, **{name: said[name] and said[name].isoformat() for name in ("starts_at", "ends_at")}}
