"""How runs ended, stored for all processes to see: what went well of all of a process' jobs at once.

A job that has nothing to do does well each second. Noted one by one, those of an idle worker were a commit a second.
"""

from __future__ import annotations

import threading
import time
from datetime import datetime

import structlog
from sqlalchemy.orm import Session, sessionmaker

from collector import clock, jobs
from collector.jobs import Job

log = structlog.get_logger("collector.service.worker")
EVERY = 15.0
"""Seconds between two notes that all is well; a failure, the end of one and a job's first run are noted at once."""


class Notes:
    """What the jobs of one process have to tell; its threads share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._well: list[jobs.Success] = []
        self._written = time.monotonic()

    def add(
        self,
        job: Job,
        sessions: sessionmaker[Session],
        now: clock.Clock,
        error: Exception | None,
        at_once: bool,
    ) -> None:
        """One more run that has ended; with it goes what is still to be told of others."""
        at = now()
        with self._lock:
            self._well = [each for each in self._well if each.job.name != job.name]
            if error is None:
                self._well.append(jobs.Success(job, at))
            began = time.monotonic()
            if not (at_once or error) and began - self._written < EVERY:
                return
            well, self._well, self._written = self._well, [], began
        if not _is_written(sessions, well, job, error, at):
            with self._lock:
                newer = {each.job.name for each in self._well}
                self._well += [each for each in well if each.job.name not in newer]


def _is_written(
    sessions: sessionmaker[Session],
    well: list[jobs.Success],
    job: Job,
    error: Exception | None,
    at: datetime,
) -> bool:
    """Store it; where the database is gone, the log has said so already."""
    try:
        with sessions.begin() as session:
            jobs.succeeded(session, *well)
            if error:
                jobs.failed(session, job, error, at)
    except Exception as failure:
        log.warning("job_not_noted", job=job.name, error=type(failure).__name__)
        return False
    return True
