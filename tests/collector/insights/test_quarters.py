"""Quarters: which days they have, and which may be reported."""

from __future__ import annotations

from datetime import date

import pytest

from collector import errors
from collector.insights.quarters import Quarter, finished, latest


@pytest.mark.parametrize(
    ("quarter", "first", "last"),
    [
        (Quarter(2026, 1), date(2026, 1, 1), date(2026, 3, 31)),
        (Quarter(2026, 3), date(2026, 7, 1), date(2026, 9, 30)),
        (Quarter(2024, 4), date(2024, 10, 1), date(2024, 12, 31)),
    ],
)
def test_a_quarter_has_its_days(quarter: Quarter, first: date, last: date) -> None:
    assert (quarter.first, quarter.last) == (first, last)
    assert Quarter.of(first) == Quarter.of(last) == quarter
    assert quarter.next.before == quarter


def test_without_a_name_it_is_the_last_that_is_over() -> None:
    assert finished("", date(2026, 11, 27)) == Quarter(2026, 3)
    assert finished("", date(2026, 1, 1)) == Quarter(2025, 4)
    assert finished("2026-Q3", date(2026, 10, 1)) == Quarter(2026, 3)


@pytest.mark.parametrize("said", ["2026-Q4", "2026-Q3"])
def test_one_that_is_not_over_is_refused_on_its_last_day_too(said: str) -> None:
    with pytest.raises(errors.BadInput) as refused:
        finished(said, date(2026, 9, 30))
    assert refused.value.code == "quarter_not_over"


@pytest.mark.parametrize("said", ["2026", "2026-Q5", "Q3", "0000-Q1", "9999-Q4", "2026-q3", "2026-Q3 "])
def test_what_is_no_quarter_is_refused(said: str) -> None:
    with pytest.raises(errors.BadInput) as refused:
        finished(said, date(2026, 9, 30))
    assert refused.value.code == "bad_quarter"


def test_the_last_eight_are_offered() -> None:
    assert [str(each) for each in latest(date(2026, 5, 2), 3)] == ["2026-Q1", "2025-Q4", "2025-Q3"]
    assert len(latest(date(2026, 5, 2))) == 8
