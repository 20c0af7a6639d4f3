"""Who writes next to SQLite: one thread of this process after the other, in the order in which they came.

SQLite itself lets a writer sleep and look again, the longer the oftener it was refused; whoever comes by at the right
moment goes first. Then a thread that sends batch after batch holds off the others until their patience ends. Here the
turn is handed over when a transaction is over, to the one who has waited longest.
"""

from __future__ import annotations

import threading
from collections import deque
from typing import Any

from collector import places

PATIENCE = 5.0
"""Seconds that a writer waits for its turn."""


class NoTurn(Exception):
    """Others wrote all the time that this one could wait."""


class Turns:
    """A lock that is handed on in order."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[places.Gate] = deque()
        self._is_taken = False

    def take(self, seconds: float = PATIENCE) -> None:
        """Wait for one's turn; raises ``NoTurn`` where it does not come in time."""
        with self._lock:
            if not self._is_taken:
                self._is_taken = True
                return
            gate = places.gate()
            self._waiting.append(gate)
        if gate.wait(seconds):
            return
        with self._lock:
            if gate in self._waiting:
                self._waiting.remove(gate)
                raise NoTurn("the database was busy all the time")

    def hand_on(self) -> None:
        """The turn is over: the next one's begins."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().open()
            else:
                self._is_taken = False


def connection_class(module: Any, turns: Turns) -> Any:
    """SQLite's connection, which gives its turn back when its transaction ends, however that is."""

    class TakingTurns(module.Connection):  # type: ignore[misc]
        has_turn = False

        def take_turn(self) -> None:
            if not self.has_turn:
                turns.take()
                self.has_turn = True

        def hand_on(self) -> None:
            if self.has_turn:
                self.has_turn = False
                turns.hand_on()

        def commit(self) -> None:
            super().commit()
            self.hand_on()

        def rollback(self) -> None:
            try:
                super().rollback()
            finally:
                self.hand_on()

        def close(self) -> None:
            try:
                super().close()
            finally:
                self.hand_on()

    return TakingTurns
