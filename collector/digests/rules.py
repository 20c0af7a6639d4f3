"""When a digest is due: at seven in the morning on the company's clock, daily or on Mondays. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

EVERY = ("daily", "weekly")
AT = time(7)
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
