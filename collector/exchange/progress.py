"""A progress bar on standard error, drawn only where somebody watches."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TextIO

WIDTH = 28
EVERY = 0.1


@dataclass
class Progress:
    """``[#####.....]  45 %  3,512 rows``; silent where the stream is no terminal. ``total`` 0: no known end."""

    stream: TextIO
    total: int
    done: int = 0
    drawn_at: float = field(default=0.0, init=False)

    def at(self, done: int) -> None:
        """So much of the total is done."""
        self.done = done

    def draw(self, words: str, last: bool = False) -> None:
        """Draw the bar with words behind it, at most ten times a second."""
        now = time.monotonic()
        if not self.stream.isatty() or (not last and now - self.drawn_at < EVERY):
            return
        self.drawn_at = now
        share = 1.0 if last else min(self.done / self.total, 1.0) if self.total else 0.0
        bar = "#" * round(share * WIDTH)
        self.stream.write(f"\r[{bar:.<{WIDTH}}] {share:4.0%}  {words}" + ("\n" if last else ""))
        self.stream.flush()
