"""Verbs: note how a run ended, tell how each job stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple, cast

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.orm import Session

from collector import db, prepared, statements
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


class Success(NamedTuple):
    """A run that went well."""

    job: Job
    at: datetime


def succeeded(session: Session, *runs: Success) -> None:
    """Note runs that went well, in the order of their names, as other processes do; each ends a row of failures."""
    if runs:
        first = {"failures": 0, "failures_ever": 0}
        given = [
            {"name": job.name, "every": job.every, "succeeded_at": at, **first}
            for job, at in sorted(runs, key=_name)
        ]
        prepared.send(session, _well(session.get_bind().dialect.name), given)


def failed(session: Session, job: Job, error: BaseException, now: datetime) -> None:
    """Note a run that ended in an exception."""
    more = {"failures": JobRun.failures + 1, "failures_ever": JobRun.failures_ever + 1}
    statements.insert_new(session, JobRun(name=job.name, every=job.every, failures=0, failures_ever=0))
    told = {"every": job.every, "failed_at": now, "error": type(error).__name__[:100], **more}
    session.execute(update(JobRun).where(JobRun.name == job.name).values(**told))


def states(session: Session, now: datetime) -> list[State]:
    """Every job that ever ran, by name."""
    return [_state(row, now) for row in session.scalars(select(JobRun).order_by(JobRun.name))]


@cache
def _well(dialect: str) -> Any:
    """Make a job's row, or end its row of failures; built once."""
    made = db.insert_of(dialect, cast("Table", JobRun.__table__))
    names = ("name", "every", "succeeded_at", "failures", "failures_ever")
    made = made.values({name: bindparam(name) for name in names})
    kept = {name: made.excluded[name] for name in ("every", "succeeded_at", "failures")}
    return made.on_conflict_do_update(index_elements=["name"], set_=kept)


def _name(run: Success) -> str:
    return run.job.name


def _state(row: JobRun, now: datetime) -> State:
    lag = None if row.succeeded_at is None else max(0.0, (now - row.succeeded_at) / timedelta(seconds=1))
    late = lag is None or lag > max(PATIENCE, 3 * row.every)
    return State(row.name, row.succeeded_at, lag, row.failures, row.failures_ever, row.error, late)
