"""The one daemon thread: runs rounds while there are rows, waits when there are none or when a round failed."""

from __future__ import annotations

import threading
import time
from typing import Callable

from ..reports import Problem, Reporter
from .backoff import chance, full_jitter
from .bell import Bell
from .courier import Courier, Round
from .verdicts import Hold

_NOTICE_SECONDS = 0.01
_FLUSH_SECONDS = 0.25
_RESTART_SECONDS = 0.5
_TEND_SECONDS = 1.0
_ASK_AGAIN_SECONDS = 2.0


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
        self._thread: _Thread | None = None
        self._start_lock = threading.Lock()
        self._inline_lock = threading.Lock()

    # --- the caller's side ----------------------------------------------------------------------------------------

    def wake(self) -> None:
        """Say that there is something to do; costs a microsecond."""
        thread = self._thread
        if thread is None or thread.stop.rung:
            thread = self.start()
        if thread is None:
            return
        thread.work.ring()
        if thread.stop.rung:  # ended meanwhile, by a signal handler in our middle or by another thread
            self.start()

    def start(self) -> _Thread | None:
        """Start the thread if it does not run, and return it; where none can be started, `flush` does the work."""
        lock = self._start_lock
        if not lock.acquire(blocking=False):
            return None  # another thread does it, or this one, in whose middle a signal handler calls
        try:
            if self._thread is None or self._thread.stop.rung:
                thread = _Thread(self._courier, self._reporter, self._linger, self._poll, self._name)
                thread.start()
                self._thread = thread
        except RuntimeError:  # out of threads, or the interpreter is shutting down
            return None
        finally:
            lock.release()
        return self._thread

    def flush(self, is_done: Callable[[], bool], timeout: float) -> bool:
        """Deliver without delay until `is_done`; return whether that was reached within `timeout` seconds."""
        deadline = time.monotonic() + timeout
        while not is_done():
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            thread = self._thread or self.start()
            if thread is None:
                self._round_inline(left)
            else:
                thread.urgent.ring()
                thread.work.ring()
                time.sleep(min(left, _NOTICE_SECONDS))
        return True

    def stop(self, timeout: float) -> None:
        """Let the thread end after the request that is under way; wait for it at most `timeout` seconds.

        A thread that still waits for an answer keeps its own stop sign and its own connection, and ends with them.
        """
        thread, self._thread = self._thread, None
        if thread is None:
            return
        thread.end()
        if thread is not threading.current_thread():
            thread.join(timeout)
        if thread.is_alive():
            thread.retire()

    def forked(self) -> None:
        """In a forked child: thread and connection are the parent's; only our copy of the socket is closed."""
        thread = self._thread
        self._begin()
        if thread is not None:
            thread.abandon()

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


class _Thread(threading.Thread):
    """One life of the thread: its signs and its connection begin and end with it."""

    def __init__(
        self, courier: Callable[..., Courier], reporter: Reporter, linger: float, poll: float, name: str
    ) -> None:
        super().__init__(name=name, daemon=True)
        self.work, self.urgent, self.stop = Bell(), Bell(), Bell()
        self._make_courier = courier
        self._reporter = reporter
        self._linger = linger
        self._poll = poll
        self._courier: Courier | None = None

    def run(self) -> None:
        """Run rounds until stopped; whatever is thrown at it, by a host's hook or from outside, it begins again."""
        while not self.stop.rung:
            try:
                self._rounds()
            except BaseException as error:  # SystemExit, too, would end a thread in silence
                self._reporter.restarted(
                    Problem("restarted", f"the delivery began anew: {error!r}", 0, error)
                )
                self.stop.wait(_RESTART_SECONDS)

    def end(self) -> None:
        """Ask the thread to end."""
        for bell in (self.stop, self.urgent, self.work):
            bell.ring()

    def retire(self) -> None:
        """Let an answer that is still under way settle nothing."""
        if self._courier is not None:
            self._courier.retire()

    def abandon(self) -> None:
        """Leave the connection to the parent, in a forked child."""
        if self._courier is not None:
            self._courier.abandon()

    def _rounds(self) -> None:
        pace = _Pace(self._linger)
        courier = self._courier = self._make_courier()
        try:
            while not self.stop.rung:
                self.work.clear()
                wait = pace.after(courier.round())
                self._reporter.publish()
                self._wait(courier, wait, pace.not_before)
        finally:
            courier.close()

    def _wait(self, courier: Courier, seconds: float | None, not_before: float) -> None:
        """Wait for work if `seconds` is None, otherwise so long; a flush cuts it short, but not the server's wish."""
        if seconds is None:
            found = self.work.wait(self._poll)
            seconds = self._linger if found else 0.0
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0 and not self.urgent.wait(min(left, _TEND_SECONDS)):
            if left > _TEND_SECONDS:
                courier.tend()
                self._reporter.publish()
        self.urgent.clear()
        while not self.stop.rung and (left := not_before - time.monotonic()) > 0:
            self.stop.wait(left)


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
            if isinstance(done.failed, Hold):  # a flush may ask sooner: perhaps the key has just been mended
                self.not_before = time.monotonic() + _ASK_AGAIN_SECONDS
                return done.failed.after * (0.5 + chance())
            self.not_before = time.monotonic() + max(done.failed.after, _FLUSH_SECONDS)
            return full_jitter(self._failures, chance)
        if not done.found:
            return None
        self._failures = 0
        return 0.0 if done.more else self._linger
