"""Work in the background: one table of jobs, each claimed row by row, each safe to run again and with several at once.

``run`` is a loop for a thread (the embedded default) or a process (``afterword work``).
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from collector import clock, invitations
from collector.kpis import rollups

log = structlog.get_logger("collector.worker")
Work = Callable[[Session, datetime], int]


@dataclass(frozen=True)
class Job:
    """Something done every so often; ``run`` gives how much it did, and is called again at once while that is not 0."""

    name: str
    every: float
    run: Work


JOBS = (
    Job("count answers into rollups", 1.0, rollups.count),
    Job("ask whose time has come", 1.0, invitations.open_due),
)


def run(
    sessions: sessionmaker[Session],
    now: clock.Clock = clock.system_clock,
    stop: threading.Event | None = None,
    jobs: tuple[Job, ...] = JOBS,
) -> None:
    """Run the jobs until ``stop`` is set; a failing job is logged and tried again, with jitter, and stops no other."""
    stop = stop or threading.Event()
    due = {job.name: time.monotonic() + random.uniform(0, job.every) for job in jobs}
    while not stop.is_set():
        for job in jobs:
            if time.monotonic() >= due[job.name]:
                due[job.name] = time.monotonic() + job.every * random.uniform(0.8, 1.2)
                run_job(job, sessions, now)
        stop.wait(max(0.05, min(due.values()) - time.monotonic()))


def run_job(job: Job, sessions: sessionmaker[Session], now: clock.Clock) -> int:
    """Run one job until it finds nothing to do; each round is a transaction. Gives how much was done."""
    done = 0
    try:
        while True:
            with sessions.begin() as session:
                count = job.run(session, now())
            done += count
            if count == 0:
                return done
    except SQLAlchemyError as error:
        log.warning("job_failed", job=job.name, error=str(error))
        return done


def start(sessions: sessionmaker[Session], now: clock.Clock = clock.system_clock) -> threading.Event:
    """Run the jobs in a daemon thread; set the event to end it."""
    stop = threading.Event()
    threading.Thread(target=run, args=(sessions, now, stop), name="afterword-worker", daemon=True).start()
    return stop
