"""Days by the clock of a zone, also where the clocks are changed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector import days

MOMENTS = st.integers(946_684_800, 4_102_444_800).map(lambda second: datetime.fromtimestamp(second, UTC))


@pytest.mark.parametrize(
    ("at", "zone", "day"),
    [
        ("2026-10-31T23:20:00+00:00", "Europe/Berlin", date(2026, 11, 1)),
        ("2026-11-01T03:59:00+00:00", "America/New_York", date(2026, 10, 31)),
        ("2026-10-31T12:00:00+00:00", "Pacific/Auckland", date(2026, 11, 1)),
        ("2026-11-25T00:30:00+02:00", "UTC", date(2026, 11, 24)),
    ],
)
def test_a_moment_lies_on_the_day_that_the_zone_has_then(at: str, zone: str, day: date) -> None:
    assert days.day_of(datetime.fromisoformat(at), zone) == day


def test_days_on_which_the_clocks_change_are_longer_and_shorter() -> None:
    for day, hours in ((date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 7, 1), 24)):
        begin, end = days.bounds(day, day, "Europe/Berlin")
        assert end - begin == timedelta(hours=hours)


def test_a_day_without_midnight_begins_when_its_clocks_do() -> None:
    """In Santiago the clocks went from 24:00 on the 5th of September 2026 to 01:00."""
    begin = days.midnight(date(2026, 9, 6), "America/Santiago")
    assert begin == datetime(2026, 9, 6, 4, tzinfo=UTC)
    assert days.day_of(begin - timedelta(seconds=1), "America/Santiago") == date(2026, 9, 5)


@given(MOMENTS, st.sampled_from(sorted(available_timezones())))
def test_every_moment_lies_between_the_ends_of_its_day(at: datetime, zone: str) -> None:
    day = days.day_of(at, zone)
    begin, end = days.bounds(day, day, zone)
    assert begin <= at < end
