"""Work in the background: one table of jobs, each claimed row by row, each safe to run again and with several at once.

``run`` is a loop for a thread (the embedded default) or a process (``afterword work``). Whatever a job raises is
logged and counted; its next turn comes later with each failure, and no other job waits for it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from random import SystemRandom
from weakref import WeakKeyDictionary

import structlog
from sqlalchemy.orm import Session, sessionmaker

from collector import (
    clock,
    db,
    deliveries,
    digests,
    erasure,
    exchange,
    insights,
    invitations,
    jobs,
    results,
    sealed_columns,
    signals,
    topics,
    webhooks,
    write_ahead_log,
    young_tables,
)
from collector.communities import panels
from collector.config import Config
from collector.jobs import Job
from collector.kpis import asks, checking, day_zones, rollups
from collector.readers import Reader
from collector.service.job_notes import Notes

log = structlog.get_logger("collector.service.worker")
Sessions = sessionmaker[Session]
REST = 0.25
"""Seconds between two turns of a loop at least: what falls due meanwhile is done in one."""

_readers: WeakKeyDictionary[Sessions, sessionmaker[Reader]] = WeakKeyDictionary()
_chance = SystemRandom()  # own, so that nobody's seeded sequence is disturbed

HOUR = 3600.0
JOBS = (
    Job("count answers into rollups", 1.0, rollups.count, rollups.are_waiting),
    Job("count who was asked", 1.0, asks.count, asks.are_waiting),
    Job("notice what has changed", 1.0, signals.jobs.notice, signals.jobs.are_waiting),
    Job("see whether fewer customers answer", 60.0, signals.silences.notice, signals.silences.are_due),
    Job("look for new topics", 5.0, topics.noticing.notice, topics.noticing.are_due),
    Job("cut days anew where a zone has changed", 5.0, day_zones.recut, day_zones.are_waiting),
    Job("check some of the rollup", checking.EVERY, checking.check, checking.are_there),
    Job("see whether insights have recovered", 60.0, insights.recovery.evaluate, insights.recovery.are_due),
    Job("notice what is told at once", 5.0, digests.noticing.notice, digests.noticing.are_wanted),
    Job("find whom events are for", 1.0, webhooks.spread, webhooks.are_waiting),
    Job("let go of old events", 3600.0, webhooks.let_go, webhooks.are_old),
    Job("see whether runs have their number", 5.0, results.reaching.note, results.reaching.are_sealed),
    Job("ask the members of runs", 2.0, invitations.ask_members, invitations.are_members_due),
    Job("ask the unhappy again", 5.0, insights.following_up.ask, insights.following_up.are_due),
    Job("ask whose time has come", 1.0, invitations.open_due, invitations.are_due),
)
SEALED = (*panels.contacts.SEALED, *exchange.inbound.actions.SEALED)
"""What a rotated secret must be taken off before it is left out."""


def jobs_of(config: Config) -> tuple[Job, ...]:
    """All jobs, those that need to know the mail server and the public address among them."""
    send = partial(deliveries.send_due, settings=config)
    post = partial(deliveries.send_account_mails, settings=config)
    tell = partial(webhooks.send_due, settings=config)
    digest = partial(digests.send_due, settings=config)
    at_once = partial(digests.instant.send_due, settings=config)
    secrets = config.secret_key
    seal = partial(sealed_columns.seal_anew, columns=SEALED, secret_keys=secrets)
    under_older = partial(sealed_columns.are_under_older, columns=SEALED, secret_keys=secrets)
    invite = partial(deliveries.send_to_members, settings=config)
    log_of_sqlite = write_ahead_log.Kept()
    return (
        *JOBS,
        *(
            (Job("keep the write-ahead log short", 5.0, log_of_sqlite.shorten, log_of_sqlite.is_long),)
            if config.is_sqlite
            else (
                Job("analyse young tables", young_tables.EVERY, young_tables.analyse, young_tables.are_there),
            )
        ),
        Job("let go of what is kept no longer", HOUR, erasure.retention.let_go, erasure.retention.are_old),
        Job(
            "let go of what arrived long ago",
            HOUR,
            exchange.inbound.listing.let_go,
            exchange.inbound.listing.are_old,
        ),
        Job("send runs to their members", 2.0, invite, panels.asking.are_messages_due),
        Job("seal anew by the newest secret", 60.0, seal, under_older),
        Job("send mails and messages", 2.0, send, deliveries.are_due, waits=True),
        Job("send mails to people", 2.0, post, deliveries.account_mails_are_due, waits=True),
        Job("tell other systems", 1.0, tell, webhooks.are_due, waits=True),
        Job("send digests", 30.0, digest, digests.are_due, waits=True),
        Job("send what is told at once", 5.0, at_once, digests.instant.are_due, waits=True),
    )


@dataclass
class Turn:
    """A job in the loop of one process: when it is due, how often it has failed in a row, whether it ever ran."""

    job: Job
    due: float
    notes: Notes = field(default_factory=Notes)
    failures: int = 0
    has_run: bool = False

    def take(self, sessions: Sessions, now: clock.Clock) -> None:
        """Run the job once, and say when it is due again."""
        error = attempt(self.job, sessions, now)
        is_news = bool(self.failures) or not self.has_run
        self.failures, self.has_run = self.failures + 1 if error else 0, True
        self.due = time.monotonic() + jobs.pause(self.job.every, self.failures, _chance.random())
        self.notes.add(self.job, sessions, now, error, at_once=is_news)


def run(
    sessions: Sessions,
    now: clock.Clock = clock.system_clock,
    stop: threading.Event | None = None,
    jobs: tuple[Job, ...] = JOBS,
) -> None:
    """Run the jobs until ``stop`` is set; those that wait for a network each in a thread of their own."""
    stop, notes = stop or threading.Event(), Notes()
    for job in (job for job in jobs if job.waits):
        given = ((job,), sessions, now, stop, notes)
        threading.Thread(target=_keep, args=given, name=job.name, daemon=True).start()
    _keep(tuple(job for job in jobs if not job.waits), sessions, now, stop, notes)


def _keep(
    jobs: tuple[Job, ...], sessions: Sessions, now: clock.Clock, stop: threading.Event, notes: Notes
) -> None:
    turns = [Turn(job, time.monotonic() + _chance.uniform(0, job.every), notes) for job in jobs]
    while not stop.is_set():
        for turn in turns:
            if time.monotonic() >= turn.due and not stop.is_set():
                turn.take(sessions, now)
        next_due = min((turn.due for turn in turns), default=time.monotonic() + 1)
        stop.wait(max(REST, next_due - time.monotonic()))


def attempt(job: Job, sessions: Sessions, now: clock.Clock) -> Exception | None:
    """Run one job until it finds nothing to do; what it raised, after that was logged."""
    try:
        for _count in rounds(job, sessions, now):
            pass
    except Exception as error:
        log.exception("job_failed", job=job.name)
        return error
    return None


def run_job(job: Job, sessions: Sessions, now: clock.Clock) -> int:
    """Run one job until it finds nothing to do, as a test or the demo does; gives how much was done."""
    return sum(rounds(job, sessions, now))


def rounds(job: Job, sessions: Sessions, now: clock.Clock) -> Iterator[int]:
    """Run one job until it finds nothing to do, each round a transaction; gives how much each did."""
    count = 1
    while count and _has_work(job, sessions, now):
        with sessions.begin() as session:
            count = job.run(session, now())
        yield count


def _has_work(job: Job, sessions: sessionmaker[Session], now: clock.Clock) -> bool:
    readers = _readers.get(sessions) or _readers.setdefault(sessions, db.make_readers(sessions))
    with readers() as session:
        return job.look(session, now())


def start(
    sessions: Sessions,
    now: clock.Clock = clock.system_clock,
    jobs: tuple[Job, ...] = JOBS,
) -> threading.Event:
    """Run the jobs in a daemon thread; set the event to end it."""
    stop = threading.Event()
    arguments = (sessions, now, stop, jobs)
    threading.Thread(target=run, args=arguments, name="afterword-worker", daemon=True).start()
    return stop
