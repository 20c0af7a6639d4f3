"""What the host is told: its hook once per spell, its log at both ends and now and then in between."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

import pytest
from afterword.reports import Problem, Reporter


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> Callable[[], list[tuple[int, str]]]:
    """What this thread has logged since the test began; clients of other tests may still speak, each from its own."""

    def read() -> list[tuple[int, str]]:
        mine = (each for each in caplog.records if each.thread == threading.get_ident())
        return [(each.levelno, each.message) for each in mine]

    return read


def test_what_is_told_once_is_told_once(told: Callable[[], list[tuple[int, str]]]) -> None:
    hooked: list[Problem] = []
    reporter = Reporter(hooked.append, Clock())
    for _ in range(3):
        reporter.once("nobody is asked at 'order-confirmd': unknown_touchpoint")
        reporter.publish()
    assert told() == [(logging.WARNING, "nobody is asked at 'order-confirmd': unknown_touchpoint")]
    assert hooked == []


def test_a_spell_is_told_at_both_ends_and_every_ten_minutes(
    told: Callable[[], list[tuple[int, str]]],
) -> None:
    clock, hooked = Clock(), []
    reporter = Reporter(hooked.append, clock)
    for clock.now in range(0, 1_800, 30):
        reporter.lasting(Problem("not_delivered", "HTTP 503", 7))
        reporter.publish()
    assert reporter.states() == ("not_delivered",)
    clock.now = 1_800
    reporter.over("not_delivered")
    reporter.over("not_delivered")
    reporter.publish()
    assert [message for _, message in told()] == [
        "not_delivered: HTTP 503",
        "not_delivered: for 10 min now: HTTP 503",
        "not_delivered: for 20 min now: HTTP 503",
        "not_delivered: over, after 30 min",
    ]
    assert [problem.code for problem in hooked] == ["not_delivered"]
    assert reporter.states() == ()


def test_a_refused_client_is_an_error_not_a_warning(told: Callable[[], list[tuple[int, str]]]) -> None:
    reporter = Reporter(None)
    reporter.lasting(Problem("held", "HTTP 401"))
    reporter.publish()
    assert told() == [(logging.ERROR, "held: HTTP 401")]


def test_an_interrupt_in_the_hook_is_for_the_main_thread() -> None:
    def interrupt(problem: Problem) -> None:
        raise KeyboardInterrupt

    reporter = Reporter(interrupt)
    reporter.event(Problem("refused", "no"))
    with pytest.raises(KeyboardInterrupt):
        reporter.publish()
