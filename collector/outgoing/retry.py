"""When to try again: a pure rule. The wait doubles and is jittered, so that a gateway that comes back is not overrun."""

from __future__ import annotations

from datetime import timedelta

FIRST = timedelta(minutes=1)
LONGEST = timedelta(hours=6)
ATTEMPTS = 12
"""Twelve attempts are spread over most of a day; whoever was to be asked has forgotten the occasion after that."""


def wait(attempts: int, chance: float) -> timedelta | None:
    """How long to wait after so many failed attempts, half to all of the doubled step; None: give up.

    ``chance`` is a random number from 0 to 1.
    """
    if attempts >= ATTEMPTS:
        return None
    step = min(FIRST * 2.0 ** min(attempts - 1, 20), LONGEST)
    return step * (0.5 + chance / 2)
