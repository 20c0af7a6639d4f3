"""A line each minute on what takes long: how far it is, and how long it may still take."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from typing import TypeVar

EVERY = 60.0
Thing = TypeVar("Thing")


def told(things: Sequence[Thing], name: str) -> Iterator[Thing]:
    """The things one by one; who waits for more than a minute is told."""
    begun = said = time.monotonic()
    for done, thing in enumerate(things):
        now = time.monotonic()
        if now - said >= EVERY:
            more = (now - begun) / done * (len(things) - done) / 60 if done else 0
            print(
                f"{done} of {len(things)} {name}, about {more:.0f} minutes more", file=sys.stderr, flush=True
            )
            said = now
        yield thing
