"""A process that gunicorn starts, watches and replaces; inside, waitress reads and a few threads answer."""

from __future__ import annotations

import os
import time
from math import inf

from gunicorn.workers.base import Worker
from waitress import wasyncore

from collector.service.listening import Listener
from collector.service.watch import Watch

PARTING = 1.0
"""Seconds of service after the order to stop, each answer the last of its connection: so nobody's request is cut off."""


class Process(Worker):  # type: ignore[misc] # gunicorn carries no types
    """gunicorn's worker: its loop, and how it ends."""

    at_once: float = inf  # threads that run at once

    def run(self) -> None:
        self.map = Watch()
        Alarm(self.PIPE[0], self.map)
        threads = self.cfg.threads
        listeners = [
            Listener(self.wsgi, bound.sock, threads, self.map, self.at_once) for bound in self.sockets
        ]
        while self.alive and self.ppid == os.getppid():
            self._turn()
        self._end(listeners)

    def _turn(self, seconds: float = 1.0) -> None:
        self.notify()
        self.map.turn(seconds)

    def _end(self, listeners: list[Listener]) -> None:
        """Serve a moment longer, take who still waits at the door and close it, then wait for what runs (gunicorn sets the limit)."""
        for listener in listeners:
            listener.is_ending = True
        until = time.monotonic() + PARTING
        while time.monotonic() < until:
            self._turn()
        for listener in listeners:
            listener.leave()
        while any(listener.active_channels for listener in listeners):
            for listener in listeners:
                listener.end()
            self._turn(0.1)


class Alarm(wasyncore.file_dispatcher):  # type: ignore[misc]
    """Wakes the loop for a signal, so that the order to stop is heard at once."""

    def __init__(self, pipe: int, map: Watch) -> None:
        super().__init__(pipe, map)

    def writable(self) -> bool:
        return False

    def handle_read(self) -> None:
        self.recv(4096)
