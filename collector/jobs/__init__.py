"""Work in the background, as every process sees it: what a job is, when it last succeeded, how far it lags behind.

In: the outcome of each run, from whichever process ran it. Out: one state per job. Read by the worker, ``/readyz``,
``/metrics`` and ``afterword doctor``.
"""

from collector.jobs.job import Job, Work, pause
from collector.jobs.models import JobRun
from collector.jobs.record import State, Success, failed, states, succeeded

__all__ = ["Job", "JobRun", "State", "Success", "Work", "failed", "pause", "states", "succeeded"]
