"""Processor time of a served collector: what its processes use, and what calls leave to its worker."""

from __future__ import annotations

import gc
import time
from datetime import datetime
from pathlib import Path

import served

from collector import clock, config, db
from collector.kpis.asks import SETTLED
from collector.responses import SECOND_THOUGHT
from collector.service import worker

LATER = 2 * max(SECOND_THOUGHT, SETTLED)
"""After so long the worker has done all that a call left to it."""


def workers_of(parent: int) -> list[int]:
    """The processes that a server has forked: those that answer."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [int(pid) for pid in children]


def used(processes: list[int]) -> float:
    """Seconds of processor time that these processes have used, in user mode and in the kernel."""
    return sum(time.clock_gettime(_clock_of(pid)) for pid in processes)


def _clock_of(pid: int) -> int:
    """The clock of another process' processor time (``clock_getcpuclockid``)."""
    return (~pid << 3) | 2


class Worker:
    """A collector's worker that does at once what has been left to it.

    The collector's own does it half a minute later, when the benchmark has come to other calls. So its part is taken
    here, and belongs to the calls that made it necessary.
    """

    def __init__(self, collector: served.Collector) -> None:
        settings = config.load(collector.environment)
        self._engine = db.make_engine(settings.database_url, 2)
        self._sessions = db.make_sessions(self._engine)
        self._jobs = [job for job in worker.jobs_of(settings) if not job.waits]
        gc.collect()
        gc.freeze()  # as the server does

    def part(self) -> float:
        """Do all that is left; the seconds of processor time that it took, beyond a round that finds nothing to do."""
        took, idle = self._round(), self._round()
        return max(0.0, took - idle)

    def _round(self) -> float:
        began = time.thread_time()
        for job in self._jobs:
            if error := worker.attempt(job, self._sessions, _later):
                raise error
        return time.thread_time() - began

    def close(self) -> None:
        self._engine.dispose()


def _later() -> datetime:
    return clock.system_clock() + LATER
