"""Work in the background: one table of jobs, each claimed row by row, each safe to run again and with several at once.

``run`` is a loop for a thread (the embedded default) or a process (``afterword work``).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from random import SystemRandom

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from collector import clock, db, deliveries, invitations
from collector.config import Config
from collector.kpis import rollups

log = structlog.get_logger("collector.service.worker")
Work = Callable[[Session, datetime], int]
Look = Callable[[Session, datetime], bool]
_chance = SystemRandom()  # own, so that nobody's seeded sequence is disturbed


@dataclass(frozen=True)
class Job:
    """Something done every so often; ``run`` gives how much it did, and is called again at once while that is not 0.

    ``look`` says whether there is anything to do, as a reader, so that an idle job never takes the write lock.
    One that ``waits`` for a network has a thread of its own, so that a slow mail server holds up no figure.
    """

    name: str
    every: float
    run: Work
    look: Look
    waits: bool = False


JOBS = (
    Job("count answers into rollups", 1.0, rollups.count, rollups.are_waiting),
    Job("ask whose time has come", 1.0, invitations.open_due, invitations.are_due),
)


def jobs_of(config: Config) -> tuple[Job, ...]:
    """All jobs, those that need to know the mail server and the public address among them."""
    send = partial(deliveries.send_due, settings=config)
    post = partial(deliveries.send_account_mails, settings=config)
    return (
        *JOBS,
        Job("send mails and messages", 2.0, send, deliveries.are_due, waits=True),
        Job("send mails to people", 2.0, post, deliveries.account_mails_are_due, waits=True),
    )


def run(
    sessions: sessionmaker[Session],
    now: clock.Clock = clock.system_clock,
    stop: threading.Event | None = None,
    jobs: tuple[Job, ...] = JOBS,
) -> None:
    """Run the jobs until ``stop`` is set; a failing job is logged and tried again, with jitter, and stops no other."""
    stop = stop or threading.Event()
    for job in (job for job in jobs if job.waits):
        threading.Thread(target=_keep, args=((job,), sessions, now, stop), name=job.name, daemon=True).start()
    _keep(tuple(job for job in jobs if not job.waits), sessions, now, stop)


def _keep(
    jobs: tuple[Job, ...], sessions: sessionmaker[Session], now: clock.Clock, stop: threading.Event
) -> None:
    due = {job.name: time.monotonic() + _chance.uniform(0, job.every) for job in jobs}
    while not stop.is_set():
        for job in jobs:
            if time.monotonic() >= due[job.name]:
                due[job.name] = time.monotonic() + job.every * _chance.uniform(0.8, 1.2)
                run_job(job, sessions, now)
        stop.wait(max(0.05, min(due.values(), default=0) - time.monotonic()))


def run_job(job: Job, sessions: sessionmaker[Session], now: clock.Clock) -> int:
    """Run one job until it finds nothing to do; a failure is logged, its turn comes again. Gives how much was done."""
    done = 0
    try:
        for count in rounds(job, sessions, now):
            done += count
    except Exception as error:  # of any kind: a job that ends its thread would end in silence
        log.warning(
            "job_failed", job=job.name, error=str(error), exc_info=not isinstance(error, SQLAlchemyError)
        )
    return done


def rounds(job: Job, sessions: sessionmaker[Session], now: clock.Clock) -> Iterator[int]:
    """Run one job until it finds nothing to do, each round a transaction; gives how much each did."""
    count = 1
    while count and _has_work(job, sessions, now):
        with sessions.begin() as session:
            count = job.run(session, now())
        yield count


def _has_work(job: Job, sessions: sessionmaker[Session], now: clock.Clock) -> bool:
    with sessions() as session:
        return job.look(db.read_only(session), now())


def start(
    sessions: sessionmaker[Session],
    now: clock.Clock = clock.system_clock,
    jobs: tuple[Job, ...] = JOBS,
) -> threading.Event:
    """Run the jobs in a daemon thread; set the event to end it."""
    stop = threading.Event()
    arguments = (sessions, now, stop, jobs)
    threading.Thread(target=run, args=arguments, name="afterword-worker", daemon=True).start()
    return stop
