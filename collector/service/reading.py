"""Requests as they come in: read whole before a thread is taken, refused early, and never waited for without end.

waitress reads the bytes; what stands here is this house's own: how large a body may be is decided by its announced
length, before a byte of it is kept (or, where none is announced, as soon as it is too long), and an error of the reading is the problem document that any other error is.
"""

from __future__ import annotations

import contextlib
import json
import socket
import time
from contextvars import ContextVar
from typing import Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.task import ErrorTask, WSGITask
from waitress.utilities import Error, RequestEntityTooLarge

from collector import bodies, errors
from collector.addresses import Addresses

BEGUN = 15.0
"""Seconds that a request which has begun may take to arrive ..."""

LEAST_RATE = 16 * 1024
"""... and the bytes of body that earn it a second more, for large files over slow lines."""


FRAMED = 8
"""A body in pieces may be so many times as long as what is in it: a piece of one byte is six."""

LINGERING = 2.0
"""Seconds for which the rest of a refused body is thrown away, so that its sender reads the refusal and meets no reset."""


served: ContextVar[Connection] = ContextVar("served")
"""Whose request is being answered here."""


class Busy(Error):  # type: ignore[misc] # waitress carries no types
    """More requests wait for a thread than can be answered in time."""

    code, reason = 503, "Service Unavailable"


class Parser(HTTPRequestParser):  # type: ignore[misc]
    """One request on its way in; knows when it began, and what it asks for."""

    from_root = ""
    """Its path without the prefix below which we stand: the one by which the app will find a route."""

    def __init__(self, adj: Any, addresses: Addresses) -> None:
        super().__init__(adj)
        self.began, self.addresses = time.monotonic(), addresses

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        self.from_root = self.addresses.from_root(self.path)
        self._check_size(self.content_length)

    def _check_size(self, size: int) -> None:
        most = bodies.largest(self.from_root)
        if size > most:
            self.error = RequestEntityTooLarge(f"The body may hold at most {most} bytes.")
            self.expect_continue = False

    def received(self, data: bytes) -> int:
        """Take what came; a request that is refused already is complete, whatever of its body may follow."""
        consumed = super().received(data)
        if self.chunked and self.error is None:  # it announced no length
            self._check_size(max(len(self.body_rcv), self.body_bytes_received // FRAMED))
        if self.error is None:
            return int(consumed)
        self.completed = True
        return len(data)

    def is_late(self, now: float) -> bool:
        return bool(now > self.began + BEGUN + self.body_bytes_received / LEAST_RATE)


class Answer(WSGITask):  # type: ignore[misc]
    """An answer of the app; the last of its connection while the process is ending, and says so."""

    def build_response_header(self) -> bytes:
        if self.channel.server.is_ending:
            self.request.headers["CONNECTION"] = "close"
        return bytes(super().build_response_header())

    def finish(self) -> None:
        """Send what is left of it in this thread, rather than wake the loop for it."""
        super().finish()
        self.channel.send_now()


class Refusal(ErrorTask):  # type: ignore[misc]
    """The answer to what could not be read, in the one shape of errors."""

    def execute(self) -> None:
        problem = _problem(self.request.error)
        said = problem.problem()
        said["type"] = self.channel.server.addresses.here(said["type"])
        body = json.dumps(said).encode()
        self.status = f"{problem.status} {self.request.error.reason}"
        headers = {"Content-Type": "application/problem+json", "Access-Control-Allow-Origin": "*"}
        headers |= {"Retry-After": str(problem.retry_after)} if problem.retry_after else {}
        self.response_headers.extend(headers.items())
        self.set_close_on_finish()
        self.channel.is_refused = True
        self.content_length = len(body)
        self.write(body)


class Connection(HTTPChannel):  # type: ignore[misc]
    """One client's connection: it costs no thread while it is silent, or while its request is on its way."""

    task_class = Answer
    error_task_class = Refusal
    is_refused = False
    lingers_until = 0.0
    began = 0.0

    def parser_class(self, adj: Any) -> Parser:
        """The next request; waitress makes it by this name."""
        return Parser(adj, self.server.addresses)

    @property
    def last_activity(self) -> float:
        """When something came or went, by a clock that nobody sets; waitress notes the machine's."""
        return self._active_at

    @last_activity.setter
    def last_activity(self, _by_the_machine: float) -> None:
        self._active_at = time.monotonic()
        self.began = self.began or self._active_at

    def service(self) -> None:
        """Answer the next request; where even an error cannot be told, the connection is closed."""
        mark = served.set(self)
        try:
            super().service()
        except BaseException:
            self.requests: list[Any] = []
            self.will_close = True
            self.server.pull_trigger()
            raise
        finally:
            served.reset(mark)

    def send_now(self) -> None:
        """Send what the line takes; the loop sends the rest."""
        with self.outbuf_lock:
            if self.total_outbufs_len:
                self._flush_exception(self._flush_some, do_close=False)

    def readable(self) -> bool:
        return bool(self.lingers_until) or bool(super().readable())

    def handle_read(self) -> None:
        if self.lingers_until:
            self.recv(self.adj.recv_bytes * 8)  # and closes by itself at the end of what comes
        else:
            super().handle_read()

    def handle_close(self) -> None:
        """Close; after a refusal in two steps: say that nothing more follows, and listen for a moment more."""
        if not self.is_refused or self.lingers_until or not self.connected:
            super().handle_close()
            return
        self.lingers_until, self.will_close = time.monotonic() + LINGERING, False
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_WR)

    def is_overdue(self, now: float) -> bool:
        """Whether its request should have arrived by now. One that never sent anything is held to the same time."""
        if self.lingers_until:
            return now > self.lingers_until
        if self.request is not None:
            return bool(self.request.is_late(now))
        is_silent = self.began == self.last_activity
        return not self.requests and is_silent and self.is_older(BEGUN, now)

    def is_older(self, seconds: float, now: float) -> bool:
        """Whether nothing has happened here for so long."""
        return now - self.last_activity > seconds

    @property
    def is_busy(self) -> bool:
        """Whether an answer is being made or sent."""
        return bool(self.requests or self.total_outbufs_len)


def _problem(error: Error) -> errors.AfterwordError:
    """waitress' error as one of ours; those that the tree does not name carry their own status."""
    kinds = {kind.status: kind for kind in errors.kinds()}
    other = type("HttpError", (errors.AfterwordError,), {"status": error.code, "title": error.reason})
    return kinds.get(error.code, other)(error.body, retry_after=1 if error.code == 503 else None)
