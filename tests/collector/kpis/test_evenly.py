"""Windows over a time: each moment is as likely as any other to lie in one."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from collector.kpis.evenly import PARTS, windows

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


@given(some.floats(0.0001, 0.999), some.integers(1, 4000))
def test_they_are_so_much_of_the_time_in_order_and_apart(share: float, days: int) -> None:
    until = BEGIN + timedelta(days=days)
    found = windows(BEGIN, until, share)
    assert sum((end - start for start, end in found), timedelta()) / (until - BEGIN) == pytest.approx(
        share, abs=1e-6
    )
    assert found[0][0] >= BEGIN
    assert found[-1][1] <= until
    assert all(one[1] <= other[0] for one, other in pairwise(found))


def test_all_of_a_time_is_one_window() -> None:
    assert windows(BEGIN, BEGIN + timedelta(days=1), 1.5) == [(BEGIN, BEGIN + timedelta(days=1))]


def test_no_moment_of_a_stretch_is_left_out_more_than_another() -> None:
    """Over many times, each tenth of a stretch is covered as often: at its ends no less than in its middle."""
    covered: Counter[int] = Counter()
    length = timedelta(days=1)
    for year in range(1, 400):
        begin = datetime(1600 + year, 3, 1, tzinfo=UTC)
        for start, end in windows(begin, begin + PARTS * length, 0.1):
            middle = start + (end - start) / 2
            covered[int(((middle - begin) % length) / length * 10)] += int(
                (end - start) / timedelta(seconds=1)
            )
    total = sum(covered.values())
    assert {tenth for tenth, n in covered.items() if 0.085 < n / total < 0.115} == set(range(10))
