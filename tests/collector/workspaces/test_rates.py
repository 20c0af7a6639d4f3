"""Rates: a burst at once, then so many a second, for each caller alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector import errors
from collector.clock import FixedClock
from collector.workspaces.rates import Rate, Rates, caller_at
from collector.workspaces.throttle import Throttle

THREE = Rate("three", burst=3, per_second=0.5)


def test_a_burst_passes_then_one_each_interval() -> None:
    rates, time = Rates(), FixedClock()
    assert [rates.take(THREE, "a", time()) for _ in range(4)] == [0, 0, 0, 2]
    time.move(seconds=1)
    assert rates.take(THREE, "a", time()) == 1
    time.move(seconds=1)
    assert [rates.take(THREE, "a", time()) for _ in range(2)] == [0, 2]


def test_who_is_quiet_has_the_whole_burst_again() -> None:
    rates, time = Rates(), FixedClock()
    for _ in range(3):
        rates.take(THREE, "a", time())
    time.move(seconds=6)
    assert [rates.take(THREE, "a", time()) for _ in range(4)] == [0, 0, 0, 2]


def test_callers_and_rates_do_not_share() -> None:
    rates, now = Rates(), FixedClock()()
    other = Rate("other", burst=1, per_second=1)
    assert [rates.take(THREE, caller, now) for caller in "aaabbb"] == [0] * 6
    assert [rates.take(other, "a", now), rates.take(other, "a", now)] == [0, 1]


@pytest.mark.parametrize("back", [{"hours": 1}, {"days": 366}])
def test_a_clock_that_is_set_back_keeps_nobody_waiting(back: dict[str, float]) -> None:
    rates, time = Rates(), FixedClock()
    rates.take(THREE, "a", time())
    time.move(**{unit: -value for unit, value in back.items()})
    assert [rates.take(THREE, "a", time()) for _ in range(4)] == [0, 0, 0, 2]


def test_failed_sign_ins_of_a_clock_that_is_set_back_are_forgotten() -> None:
    throttle, time = Throttle(), FixedClock()
    for _ in range(10):
        throttle.failed("a@example.com", "192.0.2.1", time())
    with pytest.raises(errors.TooMany):
        throttle.check("a@example.com", "192.0.2.1", time())
    time.move(hours=-1)
    throttle.check("a@example.com", "192.0.2.1", time())


@given(st.lists(st.floats(0, 5), max_size=60), st.integers(1, 5), st.floats(0.1, 5))
def test_no_window_holds_more_than_the_burst_and_what_came_back(
    steps: list[float], burst: int, per_second: float
) -> None:
    rates, time, passed = Rates(), FixedClock(), []
    for step in steps:
        time.move(seconds=step)
        if rates.take(Rate("x", burst, per_second), "a", time()) == 0:
            passed.append(time().timestamp())
    for i, start in enumerate(passed):
        for j, end in enumerate(passed[i:], 1):
            assert j <= burst + (end - start) * per_second + 0.01


@given(st.integers(1, 5), st.floats(0.05, 5), st.integers(1, 20))
def test_after_the_wait_the_call_passes(burst: int, per_second: float, calls: int) -> None:
    rates, time, rate = Rates(), FixedClock(), Rate("x", burst, per_second)
    for _ in range(calls):
        wait = rates.take(rate, "a", time())
        if wait:
            time.move(seconds=wait)
            assert rates.take(rate, "a", time()) == 0


def test_memory_is_bounded_and_the_quiet_go_first() -> None:
    rates, time = Rates(remembered=10), FixedClock()
    for n in range(9):
        rates.take(THREE, f"old-{n}", time())
    time.move(seconds=60)
    for _ in range(3):
        rates.take(THREE, "busy", time())
    for n in range(5):
        rates.take(THREE, f"new-{n}", time())
    assert rates.take(THREE, "busy", time()) == 2
    for n in range(100):
        rates.take(THREE, f"flood-{n}", time())
    assert len(rates._whole_at) <= 10


@pytest.mark.parametrize(
    ("address", "caller"),
    [
        ("8.8.8.8", "8.8.8.8"),
        ("::ffff:8.8.8.8", "8.8.8.8"),
        ("2a00:1450:4001:80b::200e", "2a00:1450:4001:80b::/64"),
        ("2a00:1450:4001:80b:1:2:3:4", "2a00:1450:4001:80b::/64"),
        ("127.0.0.1", None),
        ("10.1.2.3", None),
        ("100.64.0.9", None),
        ("fe80::1%eth0", None),
        ("unix:", None),
        ("", None),
        (None, None),
    ],
)
def test_a_caller_is_an_address_of_the_internet(address: str | None, caller: str | None) -> None:
    assert caller_at(address) == caller
