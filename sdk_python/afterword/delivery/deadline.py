"""One deadline for a whole answer: a peer that sends a byte now and then gets no more time than one that is silent."""

from __future__ import annotations

import io
import socket
import time
from typing import Any


class Deadline:
    """When an exchange must be over, by the monotonic clock."""

    def __init__(self, seconds: float) -> None:
        self._at = time.monotonic() + seconds

    def left(self) -> float:
        """Return the seconds that are left; TimeoutError if there are none."""
        left = self._at - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out: the answer did not come to its end")
        return left


class HurriedSocket:
    """Stands in for a socket where `HTTPResponse` asks for a file: each read waits for what is left, no longer."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock = sock
        self._deadline = deadline

    def makefile(self, mode: str) -> io.BufferedReader:
        """Return a buffered reader of what arrives."""
        return io.BufferedReader(_HurriedReader(self._sock, self._deadline))


class _HurriedReader(io.RawIOBase):
    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock = sock
        self._deadline = deadline
        self._raw: Any = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(self._deadline.left())
        count: int | None = self._raw.readinto(buffer)
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()
