"""A day with many more answers than the weeks before explain is told once, until days are as usual again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from flask.testing import FlaskClient

from collector import clock
from collector.signals import Signal
from collector.statistics import floods

Told = Callable[..., list[Signal]]
USUAL = [9, 10, 3]


@pytest.fixture
def days(say: Any, time: clock.FixedClock) -> Callable[..., None]:
    """So many days with so many answers each: ``days(30)``, ``days(1, 60)``."""

    def call(number: int, answers: int = 3, **given: Any) -> None:
        for _ in range(number):
            time.move(days=1)
            say((USUAL * answers)[:answers], hours=0, **given)

    return call


def test_req_134_a_flood_is_told_on_the_day_and_once(days: Any, work: Any, told: Told, time: Any) -> None:
    days(35)
    work()
    assert told("flood") == []
    days(1, 60)
    work()
    days(1, 70)
    work()
    (signal,) = told("flood")
    assert (signal.touchpoint, signal.since) == ("order-confirmed", time().date() - timedelta(days=1))
    assert signal.facts["n"] == 60
    assert signal.facts["expected"] == pytest.approx(3, abs=0.1)
    assert signal.facts["most"] < 20
    assert signal.facts["per_year"] <= 0.2


@pytest.mark.parametrize("given", [{"run": "new-page"}, {"source": "follow_up"}])
def test_what_a_run_or_a_round_of_follow_ups_brings_is_no_flood(
    days: Any, work: Any, told: Told, given: dict[str, str]
) -> None:
    days(35)
    work()
    days(1, 60, **given)
    work()
    assert told("flood") == []


def test_it_is_over_when_days_are_as_usual_and_may_come_again(days: Any, work: Any, told: Told) -> None:
    for number, answers in ((35, 3), (2, 60), (2, 3), (1, 60)):
        days(number, answers)
        work()
    found = [(each.regime, each.state, each.ended) for each in told("flood")]
    assert found == [(1, "over", "recovered"), (2, "open", "")]


def test_a_height_that_stays_is_the_usual_one(days: Any, work: Any, told: Told) -> None:
    days(35)
    for _ in range(16):
        days(1, 20)
        work()
    assert [(each.state, each.ended) for each in told("flood")] == [("over", "stayed")]
    days(2, 20)
    work()
    assert len(told("flood")) == 1


def test_what_came_before_it_was_watched_is_what_is_usual(
    days: Any, count: Any, work: Any, told: Told
) -> None:
    """A busy house is not flooded on the day on which it is first looked at."""
    days(40, 12)
    work()
    days(1, 15)
    work()
    assert told("flood") == []


@pytest.mark.parametrize("how", ["imported", "late"])
def test_no_file_makes_a_flood(days: Any, say: Any, work: Any, told: Told, time: Any, how: str) -> None:
    days(35)
    work()
    given = {"source": "imported"} if how == "imported" else {"occurred_at": time() - timedelta(days=5)}
    say(USUAL * 60, hours=0, **given)
    work()
    days(1)
    work()
    assert told("flood") == []


def test_it_is_told_in_words_and_only_to_whom_it_is_of_use(
    client: FlaskClient, keys: Any, days: Any, work: Any
) -> None:
    days(35)
    days(1, 60)
    work()
    (found,) = client.get("/api/v1/signals?kind=flood", headers=keys["read"]).json["signals"]
    assert found["text"].startswith("At “Order confirmation page” 60 answers came on")
    assert found["rule"]["name"] == "flood"
    german = {**keys["read"], "Accept-Language": "de"}
    said = client.get(f"/api/v1/signals/{found['signal_id']}", headers=german).json["text"]
    assert said.startswith("Bei „Order confirmation page“ kamen am")


def _simulated(random: Random, usual: float, days: int) -> list[int]:
    """Days of a company with quiet weekends and days that vary by a third."""
    weekly = [1.3] * 5 + [0.3] * 2
    means = [usual * weekly[day % 7] * random.gammavariate(9, 1 / 9) for day in range(days)]
    return [sum(random.random() < mean / 400 for _ in range(400)) for mean in means]


def test_quiet_days_are_told_no_more_often_than_designed() -> None:
    random, told, looks = Random(5), 0, 0
    for _ in range(60):
        counts = _simulated(random, 15, 90)
        for day in range(floods.LEAST_DAYS, 90):
            looks += 1
            usual = floods.usual(counts[:day])
            told += usual is not None and floods.is_flood(counts[day], usual, 1.0)
    assert told <= looks / floods.DAYS_A_YEAR
    assert looks > 3000


def test_a_day_left_out_keeps_its_place() -> None:
    week = [10, 10, 10, 10, 10, 2, 2]
    counts: list[int | None] = [*week * 6, 10, 10, 10, 10, 10]
    whole, without = floods.usual(counts), floods.usual([None, *counts[1:]])
    assert whole is not None
    assert without is not None
    assert whole.mean == pytest.approx(without.mean, abs=0.2) == pytest.approx(4, abs=1)


def test_the_tail_is_that_of_the_negative_binomial() -> None:
    """Of mean 4 and variance 8 the number of successes is 4: P(X >= 10) = 1 - I(1/2; 4, 10)."""
    assert floods.tail(10, 4, 8) == pytest.approx(378 / 8192, rel=1e-9)
    assert floods.tail(3, 4, 8) == 1.0
