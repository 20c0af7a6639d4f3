"""Verbs: note how a run ended, tell how each job stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from collector import statements
from collector.jobs.job import Job
from collector.jobs.models import JobRun

PATIENCE = 60.0
"""Seconds behind its time at which a job counts as late, however often it runs."""


@dataclass(frozen=True)
class State:
    """How a job stands; ``lag`` is the seconds since it last succeeded, None where it never did."""

    name: str
    succeeded_at: datetime | None
    lag: float | None
    failures: int
    failures_ever: int
    error: str | None
    is_late: bool


def succeeded(session: Session, job: Job, now: datetime) -> None:
    """Note a run that went well; it ends a row of failures."""
    _note(session, job, {"succeeded_at": now, "failures": 0})


def failed(session: Session, job: Job, error: BaseException, now: datetime) -> None:
    """Note a run that ended in an exception."""
    more = {"failures": JobRun.failures + 1, "failures_ever": JobRun.failures_ever + 1}
    _note(session, job, {"failed_at": now, "error": type(error).__name__[:100], **more})


def states(session: Session, now: datetime) -> list[State]:
    """Every job that ever ran, by name."""
    return [_state(row, now) for row in session.scalars(select(JobRun).order_by(JobRun.name))]


def _note(session: Session, job: Job, values: dict[str, Any]) -> None:
    statements.insert_new(session, JobRun(name=job.name, every=job.every, failures=0, failures_ever=0))
    session.execute(update(JobRun).where(JobRun.name == job.name).values(every=job.every, **values))


def _state(row: JobRun, now: datetime) -> State:
    lag = None if row.succeeded_at is None else max(0.0, (now - row.succeeded_at) / timedelta(seconds=1))
    late = lag is None or lag > max(PATIENCE, 3 * row.every)
    return State(row.name, row.succeeded_at, lag, row.failures, row.failures_ever, row.error, late)
