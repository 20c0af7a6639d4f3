"""Led group commit: of all that wait for the same kind of write, one leads, and writes for the others too.

Who comes while nobody leads, leads: begins a transaction, takes what has queued up by then, in order and not without
bound, and gives each its outcome when all of it is committed. Who has queued up meanwhile is led by the one who has
waited longest. A commit costs the same for one row and for fifty. Each lane (a workspace) has its turn in each round, so
that one's flood leaves room for the others.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from collector import errors, places
from collector.rounds import Rounds

Job = TypeVar("Job")
Outcome = TypeVar("Outcome")
MOST, LONGEST_QUEUE, PATIENCE = 64, 512, 6.0
"""Weight of the jobs in one transaction (one each, unless told otherwise), jobs that may wait for one, seconds that each of them waits."""

GATHERING = 0.005
"""Seconds that a leader waits at most for those who are being read and may want the same; where nobody is, none."""

Write = Callable[[Callable[[], list[Job]]], list[Outcome]]
"""Takes the jobs when it has begun, and gives an outcome for each, in their order, once they are committed."""


class _Waiting(Generic[Job, Outcome]):
    """One job, and the gate at which its thread waits: for the outcome, or for its turn to lead."""

    def __init__(self, job: Job, lane: Hashable, weight: int) -> None:
        self.job, self.lane, self.weight = job, lane, weight
        self.gate = places.gate()
        self.leads = False
        self.outcome: Outcome | None = None
        self.error: BaseException | None = None


class Together(Generic[Job, Outcome]):
    """A queue of jobs that are written together."""

    def __init__(
        self,
        write: Write[Job, Outcome],
        most: int = MOST,
        longest: int = LONGEST_QUEUE,
        patience: float = PATIENCE,
        lane: Callable[[Job], Hashable] = lambda job: None,
        weight: Callable[[Job], int] = lambda job: 1,
    ) -> None:
        self._write, self._most, self._longest, self._patience = write, most, longest, patience
        self._lane, self._weight = lane, weight
        self._lock = threading.Lock()
        self._queue: Rounds[_Waiting[Job, Outcome]] = Rounds()
        self._is_led = False

    def do(self, job: Job) -> Outcome | None:
        """What became of a job, when it has been committed with others; raises 503 where too many wait, or too long."""
        own = _Waiting[Job, Outcome](job, self._lane(job), self._weight(job))
        with self._lock:
            if self._queue.is_over_its_share(own.lane, self._longest):
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
        if not own.gate.wait(self._patience):
            with self._lock:
                if own in self._queue and not own.leads:
                    self._queue.remove(own)
            if not own.leads and not own.gate.is_open():
                raise errors.Unavailable("This took too long to be written. Try again.", retry_after=2)
        return own.leads

    def _lead(self, own: _Waiting[Job, Outcome]) -> None:
        taken: list[_Waiting[Job, Outcome]] = []

        def take() -> list[Job]:
            with self._lock:
                room = self._most
                while self._queue and (not taken or self._queue.peek().weight <= room):
                    taken.append(self._queue.popleft())
                    self._queue.done(taken[-1].lane)
                    room -= taken[-1].weight
            return [waiting.job for waiting in taken]

        places.let_others_first(GATHERING)  # what they bring is written along
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
                heir = self._queue.peek()
                heir.leads = True
                heir.gate.open()
        for waiting in done:
            waiting.gate.open()
