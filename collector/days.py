"""Days: which day a moment lies on, and when a day begins, by the clock of a time zone such as ``Europe/Berlin``."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

A_DAY = timedelta(days=1)


def day_of(at: datetime, zone: str) -> date:
    """The day on which a moment lies there."""
    return at.astimezone(ZoneInfo(zone)).date()


def midnight(day: date, zone: str) -> datetime:
    """The first moment of a day there, in UTC; where the clocks skip midnight, the moment at which they do."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def bounds(first: date, last: date, zone: str) -> tuple[datetime, datetime]:
    """The moments at which a stretch of days begins and ends (exclusive)."""
    return midnight(first, zone), midnight(last + A_DAY, zone)
