"""A sign between threads that anybody may set at any moment, a signal handler in the middle of a setting included.

`threading.Event` may not be: its lock is not re-entrant, and a handler that sets it while the interrupted call does
the same waits for itself for ever. `SimpleQueue.put` is made for that.
"""

from __future__ import annotations

import time
from queue import Empty, SimpleQueue


class Bell:
    """Rung by any thread, waited for by one."""

    def __init__(self) -> None:
        self.rung = False
        self._strokes: SimpleQueue[None] = SimpleQueue()

    def ring(self) -> None:
        """Set the sign; costs nothing where it is set already."""
        if not self.rung:
            self.rung = True
            self._strokes.put(None)

    def clear(self) -> None:
        """Take the sign back; strokes that are left over wake nobody."""
        self.rung = False
        while not self._strokes.empty():
            try:
                self._strokes.get_nowait()
            except Empty:
                return

    def wait(self, seconds: float) -> bool:
        """Wait at most so long; return whether it was rung."""
        deadline = time.monotonic() + seconds
        while not self.rung:
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            try:
                self._strokes.get(timeout=left)
            except Empty:
                return self.rung
        return True
