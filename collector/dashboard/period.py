"""The stretch of days that a page looks at, and how it is cut for a trend."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from collector import days, errors, values
from collector.kpis import Window, asks

PRESETS = (7, 30, 90)
DEFAULT_DAYS = 90
LONGEST = 3660
BUCKETS = 13


@dataclass(frozen=True)
class Period:
    """Whole days of the workspace's ``zone``, both ends included.

    ``preset`` is 7, 30 or 90 for "the last ... days", else None.
    """

    first: date
    last: date
    preset: int | None = None
    zone: str = "UTC"

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def before(self) -> Period:
        """As many days just before, to compare with."""
        last = self.first - timedelta(days=1)
        return Period(last - timedelta(days=self.days - 1), last, zone=self.zone)

    @property
    def window(self) -> Window:
        """The same days, as the figures ask for them."""
        return Window(self.first, self.last, self.before.first)

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        """The moments at which it begins and ends (exclusive)."""
        return days.bounds(self.first, self.last, self.zone)

    @property
    def stretch(self) -> asks.Stretch:
        """The same days and moments, as who was asked on them is read."""
        return asks.Stretch(self.first, self.last, *self.bounds)

    @property
    def query(self) -> str:
        """How this period stands in an address."""
        if self.preset:
            return f"days={self.preset}"
        return f"from={self.first.isoformat()}&to={self.last.isoformat()}"

    def buckets(self) -> list[Period]:
        """The period in equal stretches for a trend, at most ``BUCKETS``; the oldest may be shorter.

        Stretches are a day, or whole weeks where that is enough, so that weekdays never tilt a trend.
        """
        size = 1 if self.days <= BUCKETS else 7 * -(-self.days // (7 * BUCKETS))
        cut: list[Period] = []
        last = self.last
        while last >= self.first:
            first = max(self.first, last - timedelta(days=size - 1))
            cut.append(Period(first, last, zone=self.zone))
            last = first - timedelta(days=1)
        return cut[::-1]

    def bucket_by_day(self) -> dict[date, int]:
        """Each day of the period -> the place of its stretch in ``buckets``, from 0."""
        return {
            bucket.first + timedelta(days=after): place
            for place, bucket in enumerate(self.buckets())
            for after in range(bucket.days)
        }

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


def read(arguments: Mapping[str, str], now: datetime, zone: str, default: int = DEFAULT_DAYS) -> Period:
    """The period that an address asks for (``days`` or ``from`` and ``to``); raises 422 for an absurd one."""
    today = days.day_of(now, zone)
    if arguments.get("from") or arguments.get("to"):
        return _custom(arguments, today, zone)
    length = values.whole(arguments.get("days", str(default)))
    if length is None or not 1 <= length <= LONGEST:
        raise _wrong("days", f"must be a whole number from 1 to {LONGEST}")
    preset = length if length in PRESETS else None
    return Period(today - timedelta(days=length - 1), today, preset, zone)


def _custom(arguments: Mapping[str, str], today: date, zone: str) -> Period:
    last = _day(arguments, "to") or today
    first = _day(arguments, "from") or last - timedelta(days=DEFAULT_DAYS - 1)
    if first > last:
        raise _wrong("from", "must not lie after the end")
    if (last - first).days >= LONGEST:
        raise _wrong("from", f"the period may span at most {LONGEST} days")
    return Period(first, last, zone=zone)


def _day(arguments: Mapping[str, str], name: str) -> date | None:
    text = arguments.get(name)
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise _wrong(name, "must be a day such as 2026-11-21") from None
    if not values.in_calendar(day):
        raise _wrong(name, f"must lie in the years {values.FIRST_YEAR} to {values.LAST_YEAR}")
    return day


def _wrong(field: str, message: str) -> errors.BadInput:
    return errors.BadInput(f"The period does not fit: {field} {message}.", "bad_period", {field: [message]})
