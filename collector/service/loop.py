"""The loop: one thread reads what comes, and answers the calls among it itself.

Who reads a call has it at hand; giving it to another thread and being told of its end costs as much as the call. But
whoever answers may be held up, by a database that is slow or gone. So there are some threads that can read, of which one
leads at a time, and one that looks after it: is it held up by a call, another leads. (Schmidt et al., "Leader/Followers", 2000.)
Where none is left who could take over, the leader gives calls to the threads that answer pages.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from collector import places
from collector.rounds import Rounds
from collector.service.calls import Calls
from collector.service.fair_threads import FairThreads, Taken
from collector.service.watch import Watch

THREADS = 3
HELD_UP = 0.03
"""Seconds that one call, or a batch that it leads, may take before another thread reads on."""
SPELL = 0.002
"""Seconds after which the leader reads what has come, however many calls wait: whose turn it is may be somebody new."""
SECOND = 1.0
MOST_APART = 500
"""Calls that may wait for the threads of pages while nobody here could take over; there is room for pages beyond."""


class Follower:
    """One of the threads: its calls, and the bell that wakes it while another leads."""

    def __init__(self) -> None:
        self.calls: Calls
        self.bell = threading.Semaphore(0)
        self.thread: int | None = None
        self.rests = False


class Loop:
    """The threads that read, and the calls that wait to be answered by them."""

    def __init__(self, threads: FairThreads) -> None:
        """``threads`` answer what takes long."""
        self.watch, self.threads = Watch(), threads
        self._lock = threading.Lock()
        self._queue: Rounds[Taken] = Rounds()
        self._orders: deque[Callable[[], None]] = deque()
        self._followers = [Follower() for _ in range(THREADS)]
        self._leader = self._followers[0]
        self._calls_since: float | None = None
        """Since when the leader is with a call, and so may be relieved; None while it reads, and may not."""
        self._is_ending = False
        self._error: BaseException | None = None
        self._busy_at, self.turned_at = 0.0, time.monotonic()
        self._running = [
            threading.Thread(target=self._run, args=(own,), name="loop", daemon=True)
            for own in self._followers
        ]

    def start(self) -> None:
        for thread in self._running:
            thread.start()

    def stop(self) -> None:
        """End the threads, each as soon as it is done with what it is at."""
        self._is_ending = True
        for own in self._followers:
            own.bell.release()
        self.watch.wake()
        for thread in self._running:
            thread.join()

    def add(self, task: Any) -> None:
        """Queue a call up; in any thread."""
        with self._lock:
            self._queue.append(Taken(task))
        if threading.get_ident() != self._leader.thread:
            self.watch.wake()

    def order(self, deed: Callable[[], None]) -> None:
        """Have something done to the connections by the one who reads."""
        self._orders.append(deed)
        self.watch.wake()

    def look_after(self) -> None:
        """Let another thread lead where the leader is held up: to be said every few milliseconds, by a thread that does nothing else.

        Raises what has ended a thread: without it nobody may be there to read.
        """
        if self._error is not None:
            raise self._error
        with self._lock:
            since = self._calls_since
            if since is None or time.monotonic() - since < HELD_UP:
                return
            if (heir := next((each for each in self._followers if each.rests), None)) is None:
                return
            self._leader, self._calls_since, heir.rests = heir, None, False
        heir.bell.release()

    @property
    def waiting(self) -> int:
        """Calls that wait for their turn here; may be asked in any thread."""
        return len(self._queue)

    @property
    def is_busy(self) -> bool:
        """Whether anything was read within the last second, so that a leader might be held up."""
        return self._calls_since is not None or time.monotonic() - self._busy_at < SECOND

    def _run(self, own: Follower) -> None:
        own.thread = threading.get_ident()
        own.calls = Calls(lambda: self._rouse(own), self.threads)
        places.kept_by(own.calls)
        try:
            while not self._is_ending:
                if self._leader is own:
                    self._lead(own)
                else:
                    self._follow(own)
        except BaseException as error:
            self._error = error

    def _lead(self, own: Follower) -> None:
        """Read what has come, and answer the calls in it for a moment."""
        came = self.watch.turn(lambda: self._patience(own))
        self.turned_at = time.monotonic()
        while self._orders:
            self._orders.popleft()()
        has_work = self._has_work(own)
        if came or has_work:
            self._busy_at = self.turned_at
        with self._lock:
            self._calls_since = self.turned_at
        try:
            if has_work:
                self._answer(own, is_quiet=not came)
            own.calls.look()
        finally:
            with self._lock:
                if self._leader is own:
                    self._calls_since = None

    def _has_work(self, own: Follower) -> bool:
        return bool(len(self._queue)) or own.calls.has_work or own.calls.has_last

    def _patience(self, own: Follower) -> float:
        """How long to wait for something to read."""
        if len(self._queue) or self._orders:
            return 0.0
        if own.calls.has_work or own.calls.has_last:
            return 0.0 if self._somebody_rests() else SPELL
        return SECOND

    def _answer(self, own: Follower, is_quiet: bool) -> None:
        """Let calls go on and begin new ones, for a spell, as long as this thread leads and may be held up."""
        calls, until = own.calls, self.turned_at + SPELL
        while self._leader is own and time.monotonic() < until:
            if not (self._somebody_rests() and calls.go_on()):
                if (taken := self._next()) is None:
                    break
                self._begin(calls, taken)
            is_quiet = False
            self._note_the_time(own)
        if self._leader is own and self._somebody_rests():
            calls.let_last_go(is_quiet)

    def _begin(self, calls: Calls, taken: Taken) -> None:
        if self._somebody_rests():
            calls.begin(taken.task)
        elif len(self.threads.queue) < MOST_APART:
            self.threads.add_task(taken.task)
        else:
            taken.task.server.refuse(taken.task)

    def _somebody_rests(self) -> bool:
        return any(each.rests for each in self._followers)

    def _note_the_time(self, own: Follower) -> None:
        with self._lock:
            if self._leader is own:
                self._calls_since = time.monotonic()

    def _next(self) -> Taken | None:
        with self._lock:
            if not self._queue:
                return None
            taken = self._queue.popleft()
            self._queue.done(taken.lane)
            return taken

    def _follow(self, own: Follower) -> None:
        """Finish the calls that this thread still has, and rest until it is woken."""
        calls = own.calls
        while calls.go_on():
            pass
        calls.let_last_go(True)
        calls.look()
        with self._lock:
            if self._leader is own or calls.has_work or calls.has_last:
                return
            own.rests = True
        own.bell.acquire(timeout=calls.seconds_to_rest)
        with self._lock:
            own.rests = False

    def _rouse(self, own: Follower) -> None:
        """A call of this thread may go on."""
        if self._leader is own:
            self.watch.wake()
        else:
            own.bell.release()
