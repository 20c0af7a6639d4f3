"""The last dead letters in memory: where there is no file, or the file could not take them."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Mapping

from .rows import DeadLetter, Row

_KEPT = 100


class RecentlyDead:
    """The last hundred. Not locked: `Outbox` holds the lock."""

    def __init__(self) -> None:
        self._letters: deque[DeadLetter] = deque(maxlen=_KEPT)

    def add(self, refused: Mapping[Row, str], status: int) -> int:
        """Keep refused rows with their reasons; return how many had to make room."""
        now = time.time()
        cut = max(0, len(self._letters) + len(refused) - _KEPT)
        self._letters.extend(
            DeadLetter(row.kind, row.id, row.body, status, reason, now) for row, reason in refused.items()
        )
        return cut

    def newest(self) -> list[DeadLetter]:
        """Return them, newest first."""
        return list(reversed(self._letters))

    def clear(self) -> None:
        """Forget them."""
        self._letters.clear()
