"""Led group commit: of all that wait for the same kind of write, one leads, and writes for the others too.

Who comes while nobody leads, leads: begins a transaction, takes what has queued up by then, in order and not without
bound, and gives each its outcome when all of it is committed. Who has queued up meanwhile is led by the one who has
waited longest. A commit costs the same for one row and for fifty.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

from collector import errors

Job = TypeVar("Job")
Outcome = TypeVar("Outcome")
MOST, LONGEST_QUEUE, PATIENCE = 64, 512, 6.0
"""Jobs in one transaction, jobs that may wait for one, seconds that each of them waits."""

Write = Callable[[Callable[[], list[Job]]], list[Outcome]]
"""Takes the jobs when it has begun, and gives an outcome for each, in their order, once they are committed."""


class _Waiting(Generic[Job, Outcome]):
    """One job, and the gate at which its thread waits: for the outcome, or for its turn to lead."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.gate = threading.Lock()
        self.gate.acquire()
        self.leads = False
        self.outcome: Outcome | None = None
        self.error: BaseException | None = None


class Together(Generic[Job, Outcome]):
    """A queue of jobs that are written together."""

    def __init__(
        self, write: Write[Job, Outcome], most: int = MOST, longest: int = LONGEST_QUEUE, patience: float = PATIENCE
    ) -> None:  # fmt: skip
        self._write, self._most, self._longest, self._patience = write, most, longest, patience
        self._lock = threading.Lock()
        self._queue: deque[_Waiting[Job, Outcome]] = deque()
        self._is_led = False

    def do(self, job: Job) -> Outcome | None:
        """What became of a job, when it has been committed with others; raises 503 where too many wait, or too long."""
        own = _Waiting[Job, Outcome](job)
        with self._lock:
            if len(self._queue) >= self._longest:
                raise errors.Unavailable("Too many wait to be written. Try again.", retry_after=1)
            self._queue.append(own)
            own.leads, self._is_led = not self._is_led, True
        if own.leads or self._wait(own):
            self._lead(own)
        if own.error is not None:
            raise own.error
        return own.outcome

    def _wait(self, own: _Waiting[Job, Outcome]) -> bool:
        """Wait for the outcome, or to be told to lead (True)."""
        if not own.gate.acquire(timeout=self._patience):
            with self._lock:
                if own in self._queue and not own.leads:
                    self._queue.remove(own)
            if not own.leads and not own.gate.acquire(blocking=False):
                raise errors.Unavailable("This took too long to be written. Try again.", retry_after=2)
        return own.leads

    def _lead(self, own: _Waiting[Job, Outcome]) -> None:
        taken: list[_Waiting[Job, Outcome]] = []

        def take() -> list[Job]:
            with self._lock:
                while self._queue and len(taken) < self._most:
                    taken.append(self._queue.popleft())
            return [waiting.job for waiting in taken]

        try:
            for waiting, outcome in zip(taken, self._write(take), strict=True):
                waiting.outcome = outcome
        except BaseException as error:
            if not taken:
                take()
            for waiting in taken:
                waiting.error = error
        finally:
            self._hand_on([waiting for waiting in taken if waiting is not own])

    def _hand_on(self, done: list[_Waiting[Job, Outcome]]) -> None:
        with self._lock:
            self._is_led = bool(self._queue)
            if self._queue:
                self._queue[0].leads = True
                self._queue[0].gate.release()
        for waiting in done:
            waiting.gate.release()
