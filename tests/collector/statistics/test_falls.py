"""The watch over falls: as few false alarms as agreed upon where nothing changes, the baseline's uncertainty included."""

from __future__ import annotations

from random import Random

import pytest
import quiet_companies

from collector.signals.rules import SHARES
from collector.statistics import falls
from collector.statistics.falls import Tally, Walk


def test_req_134_ninety_quiet_days_raise_no_more_than_designed() -> None:
    """All kinds together, of two companies with twenty touchpoints each; ``make simulate`` plays a thousand."""
    played = quiet_companies.of_companies(2, 20261127)
    assert sorted(played) == sorted(SHARES)
    assert sum(raised for raised, _ in played.values()) <= sum(agreed for _, agreed in played.values())
    assert all(raised <= agreed + 2 * agreed**0.5 for raised, agreed in played.values())


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


@pytest.mark.parametrize("told", [Tally(8, 8), Tally(14, 17), Tally(20, 30)])
def test_a_fall_that_stays_is_not_called_recovered_for_a_few_good_answers(told: Tally) -> None:
    """However large the share that the alarm was told with: it is picked, and two thirds are what is true."""
    random, usual = Random(3), Tally(57, 216)
    chart = falls.design(usual, 900, 0.35)
    recovered = 0
    for _ in range(100):
        walk = Walk(usual=usual, laid_out=216, alarmed=True, run=told)
        while walk.alarmed:
            walk = falls.step_back(chart, walk, random.random() < 2 / 3)
        recovered += walk.usual == usual
    assert recovered <= 2


def test_the_fewer_false_alarms_the_later() -> None:
    few, many = (falls.design(Tally(40, 200), 3650, allowed).threshold for allowed in (0.1, 2.0))
    assert few > many
