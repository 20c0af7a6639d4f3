"""What the loop waits for: waitress' map of connections, each asked for what it waits only when that may have changed.

waitress itself asks all of them before every wait. With sixteen that was a third of the process' time, with a thousand
idle ones three milliseconds for each request of somebody else.
"""

from __future__ import annotations

import select
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from waitress import wasyncore


class Watch(dict[int, Any]):
    """Connections by the number of their file, as waitress keeps them, and the wait for what they wait for."""

    def __init__(self) -> None:
        super().__init__()
        self.doors: list[Any] = []
        """Those who are asked before each wait: whether they let in depends on the others."""
        self._poll = select.epoll()
        self._wanted: dict[int, int] = {}
        self._changed: deque[Any] = deque()
        self._is_awake = False

    def __setitem__(self, file: int, connection: Any) -> None:
        super().__setitem__(file, connection)
        self._changed.append(connection)

    def __delitem__(self, file: int) -> None:
        super().__delitem__(file)
        if self._wanted.pop(file, 0):
            with suppress(OSError):
                self._poll.unregister(file)

    def changed(self, connection: Any) -> None:
        """Say, in any thread, that a connection may wait for something else."""
        self._changed.append(connection)
        self.wake()

    def wake(self) -> None:
        """End the wait, in any thread: whoever waits looks at everything anew."""
        sleeps, self._is_awake = not self._is_awake, True
        if sleeps:
            self.doors[0].trigger.pull_trigger()

    def turn(self, seconds: Callable[[], float]) -> bool:
        """Wait for so long at most, and deal with what has come; whether anything has."""
        self._is_awake = False  # from here on it is woken for what changes: it may have looked already
        for door in self.doors:
            self._ask(door)
        while self._changed:
            self._ask(self._changed.popleft())
        events = self._poll.poll(seconds())
        self._is_awake = True
        for file, flags in events:
            if (connection := self.get(file)) is not None:
                wasyncore.readwrite(connection, flags)
                self._ask(connection)
        return bool(events)

    def _ask(self, connection: Any) -> None:
        """Wait for what it waits for now; for nothing at all, not even its end, while it wants neither to read nor to write."""
        file = connection._fileno
        is_gone = self.get(file) is not connection
        if is_gone:
            return
        wanted = select.EPOLLIN | select.EPOLLPRI if connection.readable() else 0
        if connection.writable() and not connection.accepting:
            wanted |= select.EPOLLOUT
        before = self._wanted.get(file, 0)
        if wanted == before:
            return
        self._wanted[file] = wanted
        try:
            if not wanted:
                self._poll.unregister(file)
            elif before:
                self._poll.modify(file, wanted)
            else:
                self._poll.register(file, wanted)
        except OSError:  # closed meanwhile, by the thread that answers
            self._wanted.pop(file, None)
