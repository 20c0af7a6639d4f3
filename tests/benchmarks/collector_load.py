"""A closed-loop load generator in one thread: so many connections, each with one request under way.

It costs about a tenth of an empty Flask endpoint, so that the server and not the generator is measured.
"""

from __future__ import annotations

import re
import selectors
import socket
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
CLOSE = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)
GIVE_UP = 60.0

Unit = Sequence[bytes]
"""Requests that one connection sends one after the other, such as a score and then its comment."""


def request(method: str, path: str, body: bytes = b"", key: str = "") -> bytes:
    """The bytes of one request over a connection that is kept."""
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", f"Content-Length: {len(body)}"]
    lines += ["Content-Type: application/json"] if body else []
    lines += [f"Authorization: Bearer {key}"] if key else []
    return "\r\n".join([*lines, "", ""]).encode() + body


@dataclass
class Outcome:
    """What a run saw: how long each answer took, the statuses, and how long it took in all."""

    seconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    took: float = 0.0


class _Connection:
    """One kept connection, which works through the units that it is handed."""

    def __init__(self, port: int, outcome: Outcome) -> None:
        self.port, self.outcome = port, outcome
        self.waiting: list[bytes] = []
        self.open()

    def open(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", self.port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self) -> None:
        self.said, self.began = b"", time.perf_counter()
        self.socket.sendall(self.waiting.pop(0))

    def receive(self) -> bool:
        """Take what came; whether the answer is whole. A connection that the server ends is opened again."""
        came = self.socket.recv(262_144)
        self.said += came
        head, _, body = self.said.partition(b"\r\n\r\n")
        if not came and not body:
            raise ConnectionError(f"the server hung up after {self.said[:80]!r}")
        length = LENGTH.search(head)
        if len(body) < (int(length[1]) if length else 0) or not _:
            return False
        self.outcome.seconds.append(time.perf_counter() - self.began)
        self.outcome.statuses[int(head[9:12])] += 1
        if CLOSE.search(head):
            self.socket.close()
            self.open()
        return True


def run(port: int, units: Sequence[Unit], connections: int) -> Outcome:
    """Send all units over so many connections at once, as fast as they are answered."""
    outcome, left = Outcome(), iter(units)
    with selectors.DefaultSelector() as selector:
        began = time.perf_counter()
        busy = sum(_begin(selector, _Connection(port, outcome), left) for _ in range(connections))
        while busy and time.perf_counter() - began < GIVE_UP:
            for key, _ in selector.select(timeout=1):
                busy -= _go_on(selector, key.data, left)
        outcome.took = time.perf_counter() - began
        for key in list(selector.get_map().values()):
            key.data.socket.close()
    if busy:
        raise TimeoutError(f"{busy} connections had no answer after {GIVE_UP:.0f} s")
    return outcome


def _begin(selector: Any, connection: _Connection, left: Iterator[Unit]) -> int:
    connection.waiting = list(next(left, ()))
    if not connection.waiting:
        connection.socket.close()
        return 0
    connection.send()
    selector.register(connection.socket, selectors.EVENT_READ, connection)
    return 1


def _go_on(selector: Any, connection: _Connection, left: Iterator[Unit]) -> int:
    """Read on, and send the next request where an answer is whole; 1 where this connection has no more to do."""
    before = connection.socket
    if not connection.receive():
        return 0
    if before is not connection.socket:
        selector.unregister(before)
        selector.register(connection.socket, selectors.EVENT_READ, connection)
    connection.waiting = connection.waiting or list(next(left, ()))
    if connection.waiting:
        connection.send()
        return 0
    selector.unregister(connection.socket)
    connection.socket.close()
    return 1
