"""The period of a page: read from the address, cut into stretches, compared with the one before."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector import errors
from collector.dashboard import period as periods
from collector.dashboard.period import Period

TODAY = date(2026, 11, 2)
NOW = datetime(2026, 11, 2, 10, tzinfo=UTC)


def test_ninety_days_are_shown_unless_asked_otherwise() -> None:
    assert periods.read({}, NOW, "UTC") == Period(date(2026, 8, 5), TODAY, 90)
    assert periods.read({"days": "7"}, NOW, "UTC") == Period(date(2026, 10, 27), TODAY, 7)


def test_any_two_days_make_a_period() -> None:
    chosen = periods.read({"from": "2026-10-01", "to": "2026-10-10"}, NOW, "UTC")
    assert (chosen.days, chosen.preset) == (10, None)
    assert chosen.query == "from=2026-10-01&to=2026-10-10"


def test_the_period_before_ends_where_this_one_begins() -> None:
    assert Period(date(2026, 10, 11), date(2026, 10, 20)).before == Period(
        date(2026, 10, 1), date(2026, 10, 10)
    )


@pytest.mark.parametrize(
    "asked",
    [
        {"days": "0"},
        {"days": "-3"},
        {"days": "many"},
        {"days": "99999"},
        {"days": "²"},
        {"days": "9" * 5000},
        {"from": "2026-13-01"},
        {"from": "yesterday"},
        {"from": "2026-10-10", "to": "2026-10-01"},
        {"from": "1020-10-10"},
        {"from": "2001-01-01", "to": "2026-10-01"},
    ],
)
def test_an_absurd_period_is_refused_with_its_field(asked: dict[str, str]) -> None:
    with pytest.raises(errors.BadInput) as refused:
        periods.read(asked, NOW, "UTC")
    assert set(refused.value.fields) <= {"days", "from", "to"}


@given(st.integers(1, 3660))
def test_stretches_cover_the_period_without_gap_or_overlap(days: int) -> None:
    chosen = periods.read({"days": str(days)}, NOW, "UTC")
    cut = chosen.buckets()
    assert len(cut) <= periods.BUCKETS
    assert (cut[0].first, cut[-1].last) == (chosen.first, chosen.last)
    assert sum(each.days for each in cut) == days
    assert all(each.days == 1 or each.days % 7 == 0 for each in cut[1:])


@given(st.integers(1, 400))
def test_every_day_of_the_period_lies_in_the_stretch_it_is_said_to(days: int) -> None:
    chosen = periods.read({"days": str(days)}, NOW, "UTC")
    cut, places = chosen.buckets(), chosen.bucket_by_day()
    assert len(places) == days
    assert all(day in cut[place] for day, place in places.items())


def test_today_and_the_ends_of_a_period_are_those_of_the_zone() -> None:
    late = datetime(2026, 11, 2, 23, 30, tzinfo=UTC)
    chosen = periods.read({"days": "7"}, late, "Europe/Berlin")
    assert (chosen.first, chosen.last) == (date(2026, 10, 28), date(2026, 11, 3))
    assert chosen.bounds == (datetime(2026, 10, 27, 23, tzinfo=UTC), datetime(2026, 11, 3, 23, tzinfo=UTC))
    assert {each.zone for each in (chosen.before, *chosen.buckets())} == {"Europe/Berlin"}
