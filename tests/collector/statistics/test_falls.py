"""The watch over falls: as few false alarms as agreed upon where nothing changes, the baseline's uncertainty included."""

from __future__ import annotations

from random import Random

import pytest

from collector.statistics import falls
from collector.statistics.control_charts import BernoulliCusum
from collector.statistics.falls import Tally, Walk


def quiet(random: Random, share: float, a_day: float, days: int, allowed: float) -> int:
    """Alarms of one touchpoint where nothing changes, from its first answer on."""
    walk, chart, alarms = Walk(), BernoulliCusum(0.1, 0.2, 1.0), 0
    for number in range(1, int(a_day * days) + 1):
        hit = random.random() < share
        if walk.is_learning:
            walk = falls.learn(walk, hit)
            continue
        if walk.is_outgrown:
            elapsed = max(7.0, number / a_day)
            chart = falls.design(walk.usual, number / elapsed * 365.25, allowed)
            walk = falls.laid_out(walk)
        after = (falls.step_back if walk.alarmed else falls.step)(chart, walk, hit)
        alarms += after.alarmed and not walk.alarmed
        walk = after
    return alarms


def test_req_134_ninety_quiet_days_raise_no_more_than_designed() -> None:
    """Of 200 touchpoints; at most 0.35 false alarms a year each, so 17 in these days together."""
    random = Random(20261127)
    raised = sum(
        quiet(random, share, a_day, 90, 0.35)
        for _ in range(20)
        for share in (0.05, 0.15, 0.25, 0.4, 0.6)
        for a_day in (2, 8)
    )
    assert raised <= 0.35 * 200 * 90 / 365.25


@pytest.mark.parametrize("share", [0.1, 0.3])
def test_a_fall_is_noticed_within_some_dozen_answers(share: float) -> None:
    random, waits = Random(7), []
    chart = falls.design(Tally(round(share * 400), 400), 3650, 0.35)
    for _ in range(40):
        walk = Walk(usual=Tally(round(share * 400), 400), laid_out=400)
        while not walk.alarmed:
            walk = falls.step(chart, walk, random.random() < share + 0.35)
            waits.append(1)
    assert len(waits) / 40 < 40


def test_a_series_recovers_and_may_fall_again() -> None:
    chart = falls.design(Tally(40, 200), 3650, 0.35)
    walk = Walk(usual=Tally(40, 200), laid_out=200, alarmed=True, run=Tally(12, 15))
    for number in range(200):
        walk = falls.step_back(chart, walk, number % 5 == 0)
        if not walk.alarmed:
            break
    assert walk == Walk(usual=Tally(40, 200), laid_out=200)


def test_the_fewer_false_alarms_the_later() -> None:
    few, many = (falls.design(Tally(40, 200), 3650, allowed).threshold for allowed in (0.1, 2.0))
    assert few > many
