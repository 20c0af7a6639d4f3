"""Where connections arrive: waitress' loop hands whole requests to threads, health checks to threads of their own."""

from __future__ import annotations

import math
import resource
import select
import socket
import time
from collections.abc import Container
from typing import Any

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.server import TcpWSGIServer

from collector import bodies
from collector.addresses import Addresses
from collector.service.fair_threads import FairThreads
from collector.service.loop import Loop
from collector.service.reading import Busy, Connection, served

HEALTH = ("/livez", "/readyz")
IDLE = 75  # seconds that a connection between two requests is kept
QUIET = 0.5  # seconds without a word after which a connection is closed, when the process ends
WAITING = 1000  # requests that may wait for a thread; the next is refused, before memory grows
SPARE_FILES = 128  # for the database, logs and spilled bodies, out of what the process may open
HEADER = 64 * 1024
SHORT_BODY = 8 * 1024  # bytes of a call that the loop answers itself
AT_THE_ROOT = Addresses("")
AT_THE_DOOR = 64  # connections that are let in at once


class Listener(TcpWSGIServer):  # type: ignore[misc] # waitress carries no types
    """One listening socket and its connections."""

    channel_class = Connection
    is_ending = False
    looks_next = 0.0

    def __init__(
        self,
        app: Any,
        listening: socket.socket,
        loop: Loop,
        calls: Container[str] = (),
        addresses: Addresses = AT_THE_ROOT,
    ) -> None:
        """``calls`` are the paths (from the root of ``addresses``) of what the loop answers itself; its threads answer the rest."""
        self.loop, self.calls, self.addresses = loop, calls, addresses
        self.health = {path: threads_of(1) for path in HEALTH}
        self.refusing = threads_of(1)
        super().__init__(
            app,
            loop.watch,
            True,
            listening,
            dispatcher=loop.threads,
            adj=_settings(),
            sockinfo=(listening.family, listening.type, listening.proto, listening.getsockname()),
            bind_socket=False,
        )
        loop.watch.doors.append(self)

    def add_task(self, task: Any) -> None:
        """Give a connection's next request to a thread, or refuse it where too many wait."""
        request = task.requests[0]
        is_call = self._is_call(request)
        waiting = self.loop.waiting if is_call else len(self.task_dispatcher.queue)
        if not request.error and request.from_root in self.health:
            self.health[request.from_root].add_task(task)
        elif request.error or waiting >= WAITING:
            self.refuse(task)
        elif is_call:
            self.loop.add(task)
        else:
            self.task_dispatcher.add_task(task)

    def refuse(self, task: Any) -> None:
        """Answer a connection's next request with its error, or with 503 where too many wait."""
        request = task.requests[0]
        request.error = request.error or Busy("Too many requests are waiting. Try again.")
        self.refusing.add_task(task)

    def _is_call(self, request: Any) -> bool:
        """Whether the loop answers it: a call that is known to be short, by its path and its body."""
        return (
            not request.error
            and request.from_root in self.calls
            and request.content_length <= SHORT_BODY
            and not request.chunked  # of which nobody says how long it is
        )

    def pull_trigger(self) -> None:
        """Wake the loop for the connection that is served here, unless it is awake."""
        self._map.changed(served.get())

    def handle_accept(self) -> None:
        """Let in who is at the door: not one in each turn, for whom the others would wait as long as the turns take."""
        for _ in range(min(AT_THE_DOOR, self.adj.connection_limit - len(self._map))):
            before = len(self.active_channels)
            super().handle_accept()
            if len(self.active_channels) == before:
                break

    def readable(self) -> bool:
        """Look after the connections once a second, by a clock that nobody sets: waitress would by the machine's."""
        self.next_channel_cleanup = math.inf
        now = time.monotonic()
        if now >= self.looks_next:
            self.looks_next = now + self.adj.cleanup_interval
            self.maintenance(now)
        return bool(super().readable())

    def maintenance(self, now: float) -> None:
        """End what is overdue, what has been idle too long and, while ending, all that is idle."""
        for connection in list(self.active_channels.values()):
            if connection.is_overdue(now) or (not connection.is_busy and connection.is_older(IDLE, now)):
                connection.will_close = True
                self._map.changed(connection)

    def leave(self) -> None:
        """Let in who is at the door, and close it: whoever comes now is refused at once, and waits for no reset."""
        before = -1
        while len(self.active_channels) != before and select.select([self.socket], [], [], 0)[0]:
            before = len(self.active_channels)
            self.handle_accept()
        wasyncore.dispatcher.close(self)

    def end(self) -> None:
        """End the connections that have been idle for a moment; what runs goes on, and so does what has just come."""
        now = time.monotonic()
        for connection in list(self.active_channels.values()):
            if not connection.is_busy and connection.is_older(QUIET, now):
                connection.will_close = True
                self._map.changed(connection)


def _settings() -> Adjustments:
    """waitress' settings. Forwarded headers are left to the app, which knows how many proxies it may trust."""
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return Adjustments(
        backlog=2048,
        connection_limit=max(100, min(8192, files - SPARE_FILES)),
        cleanup_interval=1,
        channel_timeout=IDLE,
        max_request_header_size=HEADER,
        max_request_body_size=bodies.UPLOAD_BODY + HEADER,
        clear_untrusted_proxy_headers=False,
        ident="",
        asyncore_use_poll=True,
    )


def threads_of(count: int, at_once: float = math.inf) -> FairThreads:
    """So many threads, of which so many run at once."""
    made = FairThreads(count, at_once)
    made.queue_logger.setLevel("ERROR")  # that requests wait is no news
    made.set_thread_count(count)
    return made
