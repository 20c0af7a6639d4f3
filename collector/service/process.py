"""A process that gunicorn starts, watches and replaces; inside, waitress reads and a few threads answer."""

from __future__ import annotations

import os
import select
import time
from math import inf

from gunicorn.workers.base import Worker

from collector import web
from collector.addresses import Addresses
from collector.service.listening import Listener, threads_of
from collector.service.loop import HELD_UP, Loop

PARTING = 1.0
"""Seconds of service after the order to stop, each answer the last of its connection: so nobody's request is cut off."""
QUIET = 0.25
"""Seconds between two looks at a loop that has nothing to do."""
STUCK = 15.0
"""Seconds without a turn of the loop after which gunicorn is told nothing more, and replaces the process."""


class Process(Worker):  # type: ignore[misc] # gunicorn carries no types
    """gunicorn's worker: it looks after the loop, and says how it ends."""

    at_once: float = inf  # threads that run at once

    def run(self) -> None:
        self.loop = Loop(threads_of(self.cfg.threads, self.at_once))
        calls = web.short_paths(self.wsgi)
        addresses = self.wsgi.extensions.get("afterword_addresses") or Addresses("")  # another app has none
        listeners = [Listener(self.wsgi, bound.sock, self.loop, calls, addresses) for bound in self.sockets]
        self.loop.start()
        while self.alive and self.ppid == os.getppid():
            self._look()
        self._end(listeners)

    def _look(self) -> None:
        """Look after the loop, until the next look is due or a signal comes: the order to stop is heard at once."""
        if time.monotonic() - self.loop.turned_at < STUCK:
            self.notify()
        self.loop.look_after()
        if select.select([self.PIPE[0]], [], [], HELD_UP / 3 if self.loop.is_busy else QUIET)[0]:
            os.read(self.PIPE[0], 4096)

    def _end(self, listeners: list[Listener]) -> None:
        """Serve a moment longer, take who still waits at the door and close it, then wait for what runs (gunicorn sets the limit)."""
        for listener in listeners:
            listener.is_ending = True
        until = time.monotonic() + PARTING
        while time.monotonic() < until:
            self._look()
        for listener in listeners:
            self.loop.order(listener.leave)
        self._look()
        while any(listener.active_channels for listener in listeners):
            for listener in listeners:
                self.loop.order(listener.end)
            self._look()
