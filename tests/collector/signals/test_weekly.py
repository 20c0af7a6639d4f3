"""Weeks against weeks: a slow drift of the score, and a handover that worsened, told once a week has closed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import clock
from collector.locale import Speaker
from collector.signals import Sentences, Signal
from collector.signals.models import SignalWatch
from collector.statistics import weeks
from collector.statistics.weeks import Moments

Told = Callable[..., list[Signal]]
HAPPY, INDIFFERENT, POOR = [9, 10, 9, 8, 3], [8, 7, 9, 8, 3], [8, 3, 9, 4, 8]
"""As many are unhappy in the first two."""
FIRST, SECOND = "order-confirmed", "installed"


@pytest.fixture
def week(say: Any, work: Any, time: clock.FixedClock) -> Callable[..., None]:
    """So many weeks, in each twenty answers at the touchpoints: ``week(9, {FIRST: HAPPY})``."""

    def call(number: int, said: dict[str, list[int]]) -> None:
        for _ in range(number):
            time.move(days=7)
            for touchpoint, scores in said.items():
                say(scores * 4, hours=0, touchpoint=touchpoint)
            work()

    return call


def test_req_138_a_slow_drift_from_happy_to_indifferent_is_told_once(week: Any, told: Told) -> None:
    week(14, {FIRST: HAPPY})
    assert told() == []
    week(10, {FIRST: INDIFFERENT})
    (signal,) = told()
    assert (signal.rule, signal.touchpoint, signal.metric) == ("drift", FIRST, "nps")
    assert signal.facts["usual"]["value"] > signal.facts["lately"]["value"] == 0
    assert signal.facts["per_year"] == 0.05
    for each in ("usual", "lately"):
        figure = signal.facts[each]
        assert figure["low"] < figure["value"] < figure["high"]
    change, seen = signal.facts["change"], signal.facts["lately"]["value"] - signal.facts["usual"]["value"]
    assert change["low"] < seen < change["value"] < change["high"] <= 0, (
        "it is stated smaller than it was seen"
    )
    n = [f"(n {signal.facts[each]['n']})" for each in ("usual", "lately")]
    say = Sentences(Speaker("en"), {})
    assert all(each in say.of(signal) for each in n), say.of(signal)
    *_figures, (title, _said, bounds), _question = say.figures(signal)
    assert (title, bounds[:13]) == ("Change", "95% interval ")


def test_a_drift_is_over_when_the_figure_is_back(week: Any, told: Told) -> None:
    week(14, {FIRST: HAPPY})
    week(8, {FIRST: INDIFFERENT})
    week(8, {FIRST: HAPPY})
    assert [(each.state, each.ended) for each in told("drift")] == [("over", "recovered")]


def test_a_handover_that_worsened_names_both_ends(
    week: Any, told: Told, client: FlaskClient, keys: Any
) -> None:
    week(10, {FIRST: HAPPY, SECOND: HAPPY})
    assert told() == []
    week(5, {FIRST: HAPPY, SECOND: POOR})
    (signal,) = told("handover")
    assert (signal.before, signal.touchpoint, signal.journey) == (FIRST, SECOND, "first-order")
    assert signal.facts["lately"]["value"] < signal.facts["usual"]["value"] == 0
    path = f"/api/v1/signals/{signal.signal_id}"
    said = client.get(path, headers=keys["read"]).json
    assert said["text"].startswith(
        "From “Order confirmation page” to “Technician's visit” the score changes by −"
    )
    assert said["of"]["before"] == FIRST
    figure = said["figure"]
    assert figure["lately"]["sides"] == [80, 80]
    assert "(n 80 and 80)" in said["text"]
    seen = figure["lately"]["value"] - figure["usual"]["value"]
    change = figure["change"]
    assert change["low"] < seen < change["value"] < change["high"] <= 0
    german = client.get(path, headers={**keys["read"], "Accept-Language": "de"}).json["text"]
    assert german.startswith("Von „Order confirmation page“ zu „Technician's visit“")


def test_where_both_ends_fall_the_handover_has_not_worsened(week: Any, told: Told) -> None:
    week(10, {FIRST: HAPPY, SECOND: HAPPY})
    week(5, {FIRST: INDIFFERENT, SECOND: INDIFFERENT})
    assert told("handover") == []


def test_another_journey_of_the_touchpoint_is_no_part_of_the_handover(
    say: Any, work: Any, told: Told, week: Any, time: clock.FixedClock
) -> None:
    for _ in range(15):
        time.move(days=7)
        for touchpoint in (FIRST, SECOND):
            say(HAPPY * 2, hours=0, touchpoint=touchpoint)
        if _ >= 10:
            say(POOR * 4, hours=0, touchpoint=SECOND, journey="second-order")
        work()
    assert told("handover") == []


@pytest.mark.parametrize("how", ["imported", "late"])
def test_no_file_moves_a_week(
    say: Any, work: Any, week: Any, told: Told, session: Session, time: Any, how: str
) -> None:
    week(14, {FIRST: HAPPY})
    kept = session.scalars(select(SignalWatch.weeks)).one()
    session.rollback()
    for day in range(3, 50):
        at = time() - timedelta(days=day)
        given = {"source": "imported"} if how == "imported" else {"occurred_at": at}
        say(INDIFFERENT, hours=0, **given)
    work()
    session.expire_all()
    assert session.scalars(select(SignalWatch.weeks)).one() == kept
    assert told("drift") == []


def _quiet(random: Random, n: int) -> Moments:
    values = [random.choices((-1, 0, 1), (0.2, 0.5, 0.3))[0] for _ in range(n)]
    return Moments.of({value: values.count(value) for value in set(values)})


def test_quiet_weeks_are_told_no_more_often_than_designed() -> None:
    random, told, looks = Random(4), 0, 0
    for _ in range(25):
        first, second = ([_quiet(random, 12) for _ in range(40)] for _ in range(2))
        for this in range(12, 40):
            since = max(0, this - weeks.KEPT)
            looks += 1
            told += weeks.is_told(weeks.drift(second[since : this - 8], second[this - 8 : this], -1), 1.0)
            parts = (second[this - 4 : this], first[this - 4 : this], second[: this - 4], first[: this - 4])
            told += weeks.is_told(weeks.handover([weeks.together(part) for part in parts]), 1.0)
    assert told <= 2 * looks / weeks.A_YEAR


def test_few_answers_tell_nothing() -> None:
    few, many = Moments.of({1: 15, -1: 14}), Moments.of({1: 300, -1: 300})
    assert weeks.drift([many], [few], -1) is None
    assert weeks.drift([few], [many], -1) is None
    assert weeks.handover([many, many, many, few]) is None


def test_the_average_is_that_of_the_chart() -> None:
    """Three weeks one lower, from 0: the weighted average is -(1 - 0.7³), its spread the chart's."""
    usual, lower = Moments.of({1: 50_000, -1: 50_000}), Moments.of({-1: 100})
    average = -(1 - 0.7**3)
    spread = 0.09 / 100 * (1 + 0.49 + 0.49**2) + average**2 / 100_000
    found = weeks.drift([usual], [lower] * 3, -1)
    assert found is not None
    assert found.z == pytest.approx(average / spread**0.5, rel=1e-3)
    assert found.skew == pytest.approx(0, abs=1e-3)


def test_where_nearly_all_are_happy_one_who_is_not_is_no_drift() -> None:
    happy = [Moments.of({1: 5}) for _ in range(18)]
    one = [Moments.of({1: 5}), Moments.of({1: 4, -1: 1})]
    found = weeks.drift(happy, [*one, *one, *one, *one[:1], Moments.of({1: 4, -1: 1})], -1)
    assert found is not None
    assert found.skew < -0.5
    assert not weeks.is_told(weeks.drift(happy, [*happy[:7], one[1]], -1), 0.05)
