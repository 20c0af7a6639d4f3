"""When a message is tried again, how long a webhook is left in peace, when it is given up; and for whom an event is.

Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from collector.workspaces import scopes

WAITS = tuple(
    timedelta(seconds=seconds) for seconds in (5, 60, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000)
)
"""After the first failed attempt, the second, ...; the last one from then on."""
LIFE = timedelta(days=3)
"""As long as one message is tried."""
PATIENCE = timedelta(days=7)
"""As long as a webhook may fail at every attempt before it is disabled."""
OUTAGE = timedelta(minutes=5)
"""After so long without one success, the first one brings everything that waits forward."""
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(minutes=5)
GONE = 410


def next_try(attempts: int, queued_at: datetime, now: datetime, chance: float) -> datetime | None:
    """When to try a message again after so many failed attempts; None: its three days are over.

    ``chance`` (0 to 1) spreads the times by a tenth up and down.
    """
    at = now + WAITS[min(attempts, len(WAITS)) - 1] * (0.9 + chance / 5)
    return at if at < queued_at + LIFE else None


def pause(failures: int) -> timedelta:
    """How long a webhook is left in peace after so many failures in a row, whatever else waits for it."""
    return min(FIRST_PAUSE * 2.0 ** min(failures - 1, 20), LONGEST_PAUSE)


def is_for(
    scope: Sequence[str] | None,
    touchpoint: str | None,
    data: Mapping[str, Any],
    owners: Mapping[str, Sequence[str]],
) -> bool:
    """Whether an event is for a webhook of this scope; ``owners`` says whose the touchpoints are."""
    if scope is None or (touchpoint is None and "owners" not in data):
        return True
    theirs = data["owners"] if "owners" in data else owners.get(touchpoint or "", ())
    return scopes.of(scope).covers(theirs)
