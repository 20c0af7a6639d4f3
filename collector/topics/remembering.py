"""Groupings that were made lately, as bare numbers: the same comments need not be grouped for every look at a page."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable


class Remembered:
    """The last few groupings, by a hash of what was grouped."""

    def __init__(self, most: int = 16) -> None:
        self.most, self.lock = most, threading.Lock()
        self.found: OrderedDict[int, list[int]] = OrderedDict()

    def get(self, key: int, work: Callable[[], list[int]]) -> list[int]:
        """What is remembered, else what the work gives."""
        with self.lock:
            if key in self.found:
                self.found.move_to_end(key)
                return self.found[key]
        made = work()
        with self.lock:
            self.found[key] = made
            while len(self.found) > self.most:
                self.found.popitem(last=False)
        return made
