"""Brings rows to the collector, one round at a time: no thread and no waiting here."""

from __future__ import annotations

import http.client
from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

from ..outbox.rows import Row, Source
from ..reports import Problem, Reporter
from .plan import MAX_ROWS, Request, batch, plan, unreadable
from .verdicts import Answer, Dead, Hold, Retry, Split, Verdict, judge


class Sender(Protocol):
    """What a courier needs of `transport.Transport`."""

    def send(self, request: Request) -> Answer:
        """Return the answer of the collector; raises OSError or HTTPException if there is none."""
        ...

    def close(self) -> None:
        """Close the connection."""

    def abandon(self) -> None:
        """Leave the connection to the parent, in a forked child."""


class Connect(Protocol):
    """Makes a sender that waits at most `within` seconds for anything."""

    def __call__(self, *, within: float | None = None) -> Sender: ...


class Round(NamedTuple):
    """How a round went: `found` rows at all, `more` that could go at once, or `failed` and why."""

    found: bool
    more: bool
    failed: Retry | Hold | None


class Courier:
    """Takes rows from a source, sends them, and settles them by what the collector says.

    `within` bounds how long an answer is waited for, in seconds, below the client's own timeout.
    """

    def __init__(
        self, source: Source, connect: Connect, reporter: Reporter, *, within: float | None = None
    ) -> None:
        self._source = source
        self._connect = connect
        self._reporter = reporter
        self._within = within
        self._sender: Sender | None = None
        self._retired = False

    def round(self) -> Round:
        """Send the oldest rows; stop at the first request that has to be repeated. Never raises."""
        try:
            return self._round()
        except Exception as error:  # the source is out of order, or we are: neither may end the delivery
            self._reporter.lasting(Problem("delivery_failed", repr(error), error=error))
            return Round(found=True, more=False, failed=Retry("delivery_failed", 0.0))

    def _round(self) -> Round:
        rows = self._source.take(MAX_ROWS)
        self._source.tend(idle=not rows)
        if not rows:
            return Round(found=False, more=False, failed=None)
        requests = plan(self._set_aside(rows))
        failed = self._deliver(requests)
        if failed is not None:
            self._tell(failed, len(rows))
            return Round(found=True, more=False, failed=failed)
        for state in ("not_delivered", "held", "delivery_failed"):
            self._reporter.over(state)
        planned = sum(len(request.rows) for request in requests)
        return Round(found=True, more=len(rows) == MAX_ROWS or planned < len(rows), failed=None)

    def _set_aside(self, rows: Sequence[Row]) -> Sequence[Row]:
        """Make dead letters of what this version cannot read, so that the rest goes on; return the rest."""
        odd = {row: reason for row in rows if (reason := unreadable(row)) is not None}
        if not odd:
            return rows
        self._source.dead(odd, 0)
        for row, reason in odd.items():
            self._reporter.event(Problem("refused", f"{row.kind} {row.id}: {reason}", 1))
        return [row for row in rows if row not in odd]

    def tend(self) -> None:
        """Keep house while there is nothing to send, or no use in trying. Never raises."""
        try:
            self._source.tend(idle=True)
        except Exception as error:
            self._reporter.lasting(Problem("delivery_failed", repr(error), error=error))

    def retire(self) -> None:
        """Let an answer that is still under way settle nothing: its rows will be sent once more."""
        self._retired = True

    def abandon(self) -> None:
        """Leave the connection to the parent, in a forked child."""
        if self._sender is not None:
            self._sender.abandon()

    def close(self) -> None:
        """Close the connection."""
        if self._sender is not None:
            self._sender.close()

    def _tell(self, failed: Retry | Hold, count: int) -> None:
        if isinstance(failed, Hold):
            message = f"{failed.reason}: the collector refuses this client, its rows are kept until key and address are right"
            self._reporter.over("not_delivered")
            self._reporter.lasting(Problem("held", message, count))
        else:
            self._reporter.over("held")
            self._reporter.lasting(Problem("not_delivered", failed.reason, count))

    def _deliver(self, requests: Iterable[Request]) -> Retry | Hold | None:
        waiting = list(requests)
        while waiting:
            request = waiting.pop(0)
            verdict, status = self._send(request)
            if self._retired:
                return Retry("the client was closed meanwhile", 0.0)
            if isinstance(verdict, (Retry, Hold)):
                self._source.retried(len(request.rows))
                return verdict
            if isinstance(verdict, Split):
                waiting[:0] = _halves(request)
            elif isinstance(verdict, Dead):
                waiting[:0] = self._bury(request, verdict, status)
            else:
                self._source.delivered(request.rows)
                for cause in verdict.unasked:
                    self._reporter.once(cause)
        return None

    def _send(self, request: Request) -> tuple[Verdict, int]:
        try:
            if self._sender is None:
                self._sender = self._connect(within=self._within)
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
