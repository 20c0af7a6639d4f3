"""When a mail to a colleague is due: at seven in the morning on the company's clock, daily or on Mondays; again after a while.

Pure apart from the chance in a pause.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from random import SystemRandom
from zoneinfo import ZoneInfo

from collector.outgoing import retry

EVERY = ("daily", "weekly")
AT = time(7)
LEASE = timedelta(minutes=15)
_chance = SystemRandom()  # own, so that nobody's seeded sequence is disturbed
SPAN = {"daily": timedelta(days=1), "weekly": timedelta(days=7)}


def next_due(every: str, now: datetime, zone: str) -> datetime:
    """The next seven o'clock after ``now`` that a digest is for; one that was missed is not made up for."""
    there = ZoneInfo(zone)
    day = now.astimezone(there).date()
    while True:
        at = datetime.combine(day, AT, there)
        if at > now and (every == "daily" or day.weekday() == 0):
            return at.astimezone(UTC)
        day += timedelta(days=1)


def is_day(now: datetime, zone: str) -> bool:
    """Whether it is seven or later there: nobody is reminded at midnight."""
    return now.astimezone(ZoneInfo(zone)).time() >= AT


def pause(attempts: int) -> timedelta | None:
    """How long to wait after so many failed attempts; None: give up."""
    return retry.wait(attempts, _chance.random())
