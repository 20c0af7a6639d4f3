"""The one daemon thread that brings rows to the collector."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterable
from typing import Callable, Protocol

from ..outbox.rows import Row, Source
from ..reports import Problem, Reporter
from .backoff import full_jitter
from .plan import MAX_ROWS, Request, batch, plan
from .verdicts import Answer, Dead, Retry, Split, Verdict, judge

_TEND_SECONDS = 1.0


class Sender(Protocol):
    """What the loop needs of `transport.Transport`."""

    def send(self, request: Request) -> Answer:
        """Return the answer of the collector; raises OSError or HTTPException if there is none."""

    def close(self) -> None:
        """Close the connection."""


class Delivery:
    """Runs rounds while there are rows; waits by the monotonic clock, so that a clock that jumps does no harm."""

    def __init__(
        self, source: Source, connect: Callable[[], Sender], reporter: Reporter, *, linger: float, name: str
    ) -> None:
        self._source = source
        self._connect = connect
        self._reporter = reporter
        self._linger = linger
        self._name = name
        self._begin()

    def _begin(self) -> None:
        self._sender: Sender | None = None
        self._thread: threading.Thread | None = None
        self._start_lock = threading.Lock()
        self._round_lock = threading.Lock()
        self._work = threading.Event()
        self._urgent = threading.Event()
        self._round_over = threading.Condition()
        self._stop = threading.Event()
        self._failures = 0
        self._not_before = 0.0  # the server's wish: even a flush respects it

    # --- the caller's side ----------------------------------------------------------------------------------------

    def wake(self) -> None:
        """Say that there is something to do; costs a microsecond."""
        if not self._work.is_set():
            self._work.set()
        if self._thread is None:
            self.start()

    def start(self) -> None:
        """Start the thread if it does not run; where none can be started, `flush` does the work."""
        with self._start_lock:
            if self._thread is not None:
                return
            thread = threading.Thread(target=self._run, args=(self._stop,), name=self._name, daemon=True)
            try:
                thread.start()
            except RuntimeError:  # out of threads, or the interpreter is shutting down
                return
            self._thread = thread

    def flush(self, is_done: Callable[[], bool], timeout: float) -> bool:
        """Deliver without delay until `is_done`; return whether that was reached within `timeout` seconds."""
        deadline = time.monotonic() + timeout
        while not is_done():
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            self._urgent.set()
            self._work.set()
            if self._thread is None:
                self._round_inline(left)
            else:
                with self._round_over:
                    self._round_over.wait(min(left, 0.05))
        return True

    def stop(self, timeout: float) -> None:
        """Let the thread end after the request that is under way; wait for it at most `timeout` seconds."""
        thread = self._thread
        self._stop.set()
        self._urgent.set()
        self._work.set()
        if thread is not None:
            thread.join(timeout)
        if self._sender is not None and (thread is None or not thread.is_alive()):
            self._sender.close()
        self._begin()  # a thread that still waits for an answer keeps its own stop sign, and ends with it

    def forked(self) -> None:
        """In a forked child: the thread and its connection are the parent's."""
        sender = self._sender
        self._begin()
        if sender is not None:
            sender.close()

    # --- the thread -----------------------------------------------------------------------------------------------

    def _run(self, stop: threading.Event) -> None:
        wait = 0.0
        while True:
            self._sleep(wait, stop)
            if stop.is_set():
                return
            try:
                with self._round_lock:
                    wait = self._round()
            except Exception as error:  # a mistake of ours must not end the delivery
                self._reporter.event(Problem("internal", f"delivery: {error!r}", error=error))
                wait = self._wait_after_failure(0.0)
            self._reporter.publish()
            with self._round_over:
                self._round_over.notify_all()

    def _sleep(self, seconds: float, stop: threading.Event) -> None:
        """Wait, but not if somebody flushes, unless the server has asked for peace."""
        if seconds > 0:
            self._urgent.wait(seconds)
        self._urgent.clear()
        while not stop.is_set():
            left = self._not_before - time.monotonic()
            if left <= 0:
                return
            self._urgent.wait(min(left, _TEND_SECONDS))
            self._urgent.clear()

    def _round(self) -> float:
        """Send what there is, at most one batch of each kind; return the seconds to wait before the next round."""
        self._work.clear()
        rows = self._source.take(MAX_ROWS)
        self._source.tend(idle=not rows)
        if not rows:
            return self._wait_for_work()
        requests = plan(rows)
        verdict = self._deliver(requests)
        if verdict is not None:
            self._reporter.lasting(Problem("not_delivered", verdict.reason, len(rows)))
            return self._wait_after_failure(verdict.after)
        self._failures = 0
        self._reporter.over("not_delivered")
        more = len(rows) == MAX_ROWS or sum(len(request.rows) for request in requests) < len(rows)
        return 0.0 if more else self._linger

    def _wait_for_work(self) -> float:
        """Sleep until there is something to do, then give it company for a moment."""
        self._reporter.publish()
        with self._round_over:
            self._round_over.notify_all()
        woken = self._work.wait(_TEND_SECONDS)
        return self._linger if woken and not self._urgent.is_set() else 0.0

    def _wait_after_failure(self, asked: float) -> float:
        self._failures += 1
        if asked:
            self._not_before = time.monotonic() + asked
        return full_jitter(self._failures, random.random)

    def _round_inline(self, left: float) -> None:
        """Do one round in the caller's thread, where no thread could be started."""
        if self._round_lock.acquire(timeout=left):
            try:
                self._sleep_inline(self._round_without_waiting(), left)
            finally:
                self._round_lock.release()

    def _round_without_waiting(self) -> float:
        rows = self._source.take(MAX_ROWS)
        failed = self._deliver(plan(rows)) if rows else None
        return 0.0 if failed is None else max(failed.after, 0.05)

    @staticmethod
    def _sleep_inline(seconds: float, left: float) -> None:
        time.sleep(min(seconds, left))

    # --- one request ----------------------------------------------------------------------------------------------

    def _deliver(self, requests: Iterable[Request]) -> Retry | None:
        """Send requests in order until one has to be retried; return why, or None if all are settled."""
        waiting: list[Request] = list(requests)
        while waiting:
            request = waiting.pop(0)
            verdict, status = self._send(request)
            if isinstance(verdict, Retry):
                self._source.retried(len(request.rows))
                return verdict
            if isinstance(verdict, Split):
                waiting[:0] = _halves(request)
            elif isinstance(verdict, Dead):
                waiting[:0] = self._bury(request, verdict, status)
            else:
                self._source.delivered(request.rows)
        return None

    def _send(self, request: Request) -> tuple[Verdict, int]:
        import http.client

        try:
            if self._sender is None:
                self._sender = self._connect()
            answer = self._sender.send(request)
        except (OSError, http.client.HTTPException) as error:
            return Retry(f"{type(error).__name__}: {error}", 0.0), 0
        return judge(request, answer), answer.status

    def _bury(self, request: Request, verdict: Dead, status: int) -> list[Request]:
        """Move refused rows to the dead letters and return what is left of the request."""
        refused = {request.rows[index]: reason for index, reason in verdict.reasons.items()}
        self._source.dead(refused, status)
        for row, reason in refused.items():
            self._reporter.event(Problem("refused", f"{row.kind} {row.id}: {reason}", 1))
        rest: list[Row] = [row for row in request.rows if row not in refused]
        return [batch(rest)] if rest else []


def _halves(request: Request) -> list[Request]:
    middle = len(request.rows) // 2
    return [batch(request.rows[:middle]), batch(request.rows[middle:])]
