"""What a job is, and when it is tried again. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

Work = Callable[[Session, datetime], int]
Look = Callable[[Session, datetime], bool]
LONGEST = 300.0
"""Seconds: a job that keeps failing is tried at least this often."""


@dataclass(frozen=True)
class Job:
    """Something done every so often; ``run`` gives how much it did, and is called again at once while that is not 0.

    ``look`` says whether there is anything to do, as a reader, so that an idle job never takes the write lock.
    One that ``waits`` for a network has a thread of its own, so that a slow mail server holds up no figure.
    """

    name: str
    every: float
    run: Work
    look: Look
    waits: bool = False


def pause(every: float, failures: int, chance: float) -> float:
    """Seconds until the next turn, doubled with each failure in a row; ``chance`` (0 to 1) spreads the processes."""
    doubled = every * 2.0 ** min(failures, 20)
    return max(every, min(doubled, LONGEST)) * (0.8 + 0.4 * chance)
