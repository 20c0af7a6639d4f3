"""A line between two programs that a test can cut: nothing goes through, and nobody is told."""

from __future__ import annotations

import select
import socket
import threading
from contextlib import suppress

LOOK = 0.05


class Relay:
    """Passes on what comes to its port, until it is cut; then all that is under way hangs, as without a network."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = int(self._listener.getsockname()[1])
        self._whole, self._is_closed = threading.Event(), False
        self._whole.set()
        self._pairs: dict[socket.socket, socket.socket] = {}
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def cut(self) -> None:
        self._whole.clear()

    def mend(self) -> None:
        """Let all through again: what hung comes late."""
        self._whole.set()

    def close(self) -> None:
        self._is_closed = True
        self._whole.set()
        self._thread.join()
        for end in (self._listener, *self._pairs):
            end.close()

    def _run(self) -> None:
        while not self._is_closed:
            self._whole.wait()
            readable, _, _ = select.select([self._listener, *self._pairs], [], [], LOOK)
            for end in readable:
                if not self._whole.is_set():
                    break
                if end is self._listener:
                    self._join(end.accept()[0])
                elif end in self._pairs:
                    self._pass_on(end)

    def _join(self, near: socket.socket) -> None:
        try:
            far = socket.create_connection(("127.0.0.1", self._target), timeout=5)
        except OSError:
            near.close()
            return
        self._pairs |= {near: far, far: near}

    def _pass_on(self, end: socket.socket) -> None:
        other = self._pairs[end]
        try:
            came = end.recv(65536)
            other.sendall(came)
        except OSError:
            came = b""
        if not came:
            for each in (end, other):
                del self._pairs[each]
                with suppress(OSError):
                    each.close()
