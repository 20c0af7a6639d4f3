"""The one daemon thread: runs rounds while there are rows, waits when there are none or when a round failed."""

from __future__ import annotations

import threading
import time
from typing import Callable

from ..reports import Reporter
from .backoff import chance, full_jitter
from .courier import Courier, Round

_NOTICE_SECONDS = 0.05
_FLUSH_SECONDS = 0.25


class Delivery:
    """Starts, wakes, hurries and ends the thread. All waiting is by the monotonic clock: a jump does no harm."""

    def __init__(
        self,
        courier: Callable[..., Courier],
        reporter: Reporter,
        *,
        linger: float,
        name: str,
        poll: float = 1.0,
    ) -> None:
        self._courier = courier
        self._reporter = reporter
        self._linger = linger
        self._poll = poll
        self._name = name
        self._begin()

    def _begin(self) -> None:
        self._thread: threading.Thread | None = None
        self._start_lock = threading.Lock()
        self._inline_lock = threading.Lock()
        self._work = threading.Event()
        self._urgent = threading.Event()
        self._stop = threading.Event()
        self._round_over = threading.Condition()
        self._active: Courier | None = None
        self._ringing: set[int] = set()

    # --- the caller's side ----------------------------------------------------------------------------------------

    def wake(self) -> None:
        """Say that there is something to do; costs a microsecond."""
        if not self._work.is_set() or self._thread is None:
            self._ring(self._work)
            if self._thread is None:
                self.start()

    def start(self) -> None:
        """Start the thread if it does not run; where none can be started, `flush` does the work."""
        if not self._start_lock.acquire(blocking=False):
            return  # another thread does it, or this one, in whose middle a signal handler calls
        try:
            if self._thread is None:
                thread = threading.Thread(target=self._run, args=(self._stop,), name=self._name, daemon=True)
                thread.start()
                self._thread = thread
        except RuntimeError:  # out of threads, or the interpreter is shutting down
            return
        finally:
            self._start_lock.release()

    def flush(self, is_done: Callable[[], bool], timeout: float) -> bool:
        """Deliver without delay until `is_done`; return whether that was reached within `timeout` seconds."""
        deadline = time.monotonic() + timeout
        while not is_done():
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            self._ring(self._urgent, self._work)
            if self._thread is None:
                self._round_inline(left)
            else:
                with self._round_over:
                    self._round_over.wait(min(left, _NOTICE_SECONDS))
        return True

    def stop(self, timeout: float) -> None:
        """Let the thread end after the request that is under way; wait for it at most `timeout` seconds.

        A thread that still waits for an answer keeps its own stop sign and its own connection, and ends with them.
        """
        thread = self._thread
        self._stop.set()
        self._urgent.set()
        self._work.set()
        if thread is not None:
            thread.join(timeout)
            if thread.is_alive() and self._active is not None:
                self._active.retire()
        self._begin()

    def forked(self) -> None:
        """In a forked child: thread and connection are the parent's; only our copy of the socket is closed."""
        active = self._active
        self._begin()
        if active is not None:
            active.abandon()

    def _ring(self, *events: threading.Event) -> None:
        """Set events; not where a signal handler calls in the middle of that: their locks are not re-entrant."""
        me = threading.get_ident()
        if me in self._ringing:
            return
        self._ringing.add(me)
        try:
            for event in events:
                event.set()
        finally:
            self._ringing.discard(me)

    # --- the thread -----------------------------------------------------------------------------------------------

    def _run(self, stop: threading.Event) -> None:
        pace = _Pace(self._linger)
        courier = self._active = self._courier()
        while not stop.is_set():
            self._work.clear()
            wait = pace.after(courier.round())
            self._reporter.publish()
            with self._round_over:
                self._round_over.notify_all()
            self._wait(wait, pace.not_before, stop)
        courier.close()

    def _wait(self, seconds: float | None, not_before: float, stop: threading.Event) -> None:
        """Wait for work if `seconds` is None, otherwise so long; a flush cuts it short, but not the server's wish."""
        if seconds is None:
            found = self._work.wait(self._poll)
            seconds = self._linger if found else 0.0
        if seconds > 0:
            self._urgent.wait(seconds)
        self._urgent.clear()
        while not stop.is_set() and (left := not_before - time.monotonic()) > 0:
            stop.wait(min(left, 1.0))

    def _round_inline(self, left: float) -> None:
        """Do one round in the caller's thread, where no thread could be started."""
        if not self._inline_lock.acquire(timeout=left):
            return
        courier = self._courier(within=max(left, 0.1))
        try:
            failed = courier.round().failed
        finally:
            courier.close()
            self._inline_lock.release()
        self._reporter.publish()
        if failed is not None:
            time.sleep(min(max(failed.after, _NOTICE_SECONDS), left))


class _Pace:
    """Decides how long to wait after a round."""

    def __init__(self, linger: float) -> None:
        self._linger = linger
        self._failures = 0
        self.not_before = 0.0
        """When to try again at the earliest, after a failure: by the server's `Retry-After`, and never at once.
        Even a flush respects it, so that it does not hammer a collector in trouble."""

    def after(self, done: Round) -> float | None:
        """Return seconds to wait; None means until there is work."""
        if done.failed is not None:
            self._failures += 1
            self.not_before = time.monotonic() + max(done.failed.after, _FLUSH_SECONDS)
            return full_jitter(self._failures, chance)
        if not done.found:
            return None
        self._failures = 0
        return 0.0 if done.more else self._linger
