"""Whether something helped: weekdays compared with their like, few false alarms over many looks, and when to wait."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from collector.statistics import falls, recovery, selection
from collector.statistics.control_charts import BernoulliCusum
from collector.statistics.families import Group, Pair, shown_most


def _group(bottom: int, middle: int, top: int) -> Group:
    return Group.of({-1: bottom, 0: middle, 1: top}, -1, 1, 100)


def _week(bottom: int, middle: int, top: int) -> dict[int, Group]:
    return {day: _group(bottom, middle, top) for day in range(7)}


def test_req_135_a_rise_beyond_chance_has_recovered() -> None:
    change = recovery.compare(_week(10, 5, 5), _week(4, 6, 10), gap=40)
    assert change is not None
    assert (change.verdict, change.n) == ("recovered", (140, 140))
    assert change.estimate == pytest.approx(55)
    assert 0 < change.low < 55 < change.high


def test_a_fall_is_worse_and_the_same_is_unchanged() -> None:
    worse = recovery.compare(_week(4, 6, 10), _week(10, 5, 5), gap=40)
    same = recovery.compare(_week(40, 30, 30), _week(40, 30, 30), gap=40)
    assert worse is not None
    assert same is not None
    assert (worse.verdict, same.verdict) == ("worse", "unchanged")


def test_under_thirty_on_a_side_nothing_is_compared() -> None:
    few = {0: _group(10, 9, 10)}
    assert recovery.compare(few, _week(5, 5, 5), gap=40) is None
    assert recovery.compare(_week(5, 5, 5), few, gap=40) is None


def test_too_few_to_tell_says_how_many_more() -> None:
    change = recovery.compare(_week(100, 50, 50), _week(3, 1, 2), gap=25)
    assert change is not None
    assert change.verdict == "watching"
    assert change.more is not None
    assert 10 < change.more < 300


def test_where_no_number_would_tell_that_is_said() -> None:
    """With 31 answers before, a gap of 20 points stays out of sight however many follow."""
    before = {day: _group(2, 2, 1) for day in range(5)} | {5: _group(1, 1, 1), 6: _group(1, 1, 1)}
    found = [recovery.compare(before, _week(2 * n, 2 * n, n), gap=20) for n in (1, 100, 10_000)]
    assert [(each.verdict, each.more) for each in found if each] == [("too_few", None)] * 3


def test_weekdays_are_compared_with_their_like() -> None:
    """Weekends are happier; since then only weekends have been counted. Nothing has changed."""
    before = {day: _group(20, 10, 10) for day in range(5)} | {day: _group(5, 10, 25) for day in (5, 6)}
    after = {day: _group(5, 10, 25) for day in (5, 6)}
    change = recovery.compare(before, after, gap=40)
    assert change is not None
    assert change.estimate == pytest.approx(0)
    assert change.n == (80, 80)


def test_the_looks_come_at_thirty_sixty_and_on() -> None:
    assert [recovery.look(n) for n in (29, 30, 59, 60, 119, 120, 480)] == [None, 0, 0, 1, 1, 2, 4]
    assert sum(1 - recovery.level(number) for number in range(40)) == pytest.approx(0.05)


def test_many_looks_at_nothing_seldom_find_a_recovery() -> None:
    """120 companies in which nothing changes, each looked at five times: at most one in twenty errs in either direction."""
    chance, found = random.Random(7), 0
    for _company in range(120):
        before = {day: _drawn(chance, 60) for day in range(7)}
        said = [chance.choices((-1, 0, 1), (50, 25, 25))[0] for _ in range(480)]
        verdicts = []
        for n in (30, 60, 120, 240, 480):
            days = {day: _counted(said[day:n:7]) for day in range(7)}
            change = recovery.compare(before, days, gap=40)
            verdicts.append(change.verdict if change else "watching")
        found += not {"recovered", "worse"}.isdisjoint(verdicts)
    assert found <= 11  # 5 % of 120 are 6; more than 11 come in 2 of 100 runs of a true 5 %


def test_so_many_before_as_can_show_the_gap_are_enough() -> None:
    assert not recovery.can_find({}, gap=20)
    assert not recovery.can_find({0: _group(10, 9, 10)}, gap=200)
    assert not recovery.can_find(_week(2, 2, 1), gap=20)  # 35: a gap of 20 points stays out of sight
    assert recovery.can_find(_week(2, 2, 1), gap=60)


def test_days_that_were_picked_lower_the_lower_end_alone() -> None:
    plain, lowered = (recovery.compare(_week(10, 5, 5), _week(4, 6, 10), 40, luck) for luck in (0, 15))
    assert plain is not None
    assert lowered is not None
    assert (lowered.estimate, lowered.high) == (plain.estimate, plain.high)
    assert lowered.low == pytest.approx(plain.low - 15)


def test_picked_days_rise_by_themselves_and_others_do_not() -> None:
    """80 touchpoints that looked far worse by chance alone; nothing is done, and 240 answers follow."""
    chance, found = random.Random(11), {"picked": 0, "lowered": 0, "after": 0}
    for _touchpoint in range(80):
        picked, luck = _looking_bad(chance)
        since = chance.choices((-1, 0, 1), (15, 35, 50), k=240)
        after = chance.choices((-1, 0, 1), (15, 35, 50), k=60)
        for name, before, lower in (
            ("picked", picked, 0.0),
            ("lowered", picked, luck),
            ("after", after, 0.0),
        ):
            found[name] += any(_recovered(before, since[:n], lower) for n in (30, 60, 120, 240))
    assert found["picked"] >= 20  # of 80: what the allowance and the days after are for
    assert found["lowered"] <= 12
    assert found["after"] <= 5  # 2.5 % are 2


def _looking_bad(chance: random.Random) -> tuple[list[int], float]:
    """100 answers whose mean lies 2.5 standard errors under the truth, and by how much their size is shrunken."""
    while True:
        said = chance.choices((-1, 0, 1), (15, 35, 50), k=100)
        error = (sum(each**2 for each in said) / 100 - (sum(said) / 100) ** 2) ** 0.5 / 10
        size = (0.35 - sum(said) / 100) / error
        if size > 2.5:
            return said, 100 * error * (size - selection.shrunken(round(size, 6), 2.5))


def test_the_days_of_an_alarm_rise_by_themselves_and_its_insight_allows_for_that() -> None:
    """40 touchpoints whose unhappy answers rose from 20 % to 25 %: an alarm comes where it looks like far more."""
    chance, found = random.Random(13), {"picked": 0, "lowered": 0}
    usual = falls.Tally(60, 300)
    chart = falls.design(usual, 1500, 0.35)
    for _touchpoint in range(40):
        said = _until_alarm(chance, chart, usual)
        pair = Pair("fall", Group.of(Counter(said), 0, 1, 100), Group.of({0: 60, 1: 240}, 0, 1, 100))
        size, bounds = shown_most(pair)
        seen = pair.of.mean - pair.against.mean
        assert seen < size <= bounds.high
        since = chance.choices((0, 1), (25, 75), k=240)
        weeks = [_days(said)] + [_days(since[:n]) for n in (30, 60, 120, 240)]
        for name, luck in (("picked", 0.0), ("lowered", 100 * (size - seen))):
            changes = [recovery.compare(weeks[0], week, 20, luck) for week in weeks[1:]]
            found[name] += any(change is not None and change.verdict == "recovered" for change in changes)
    assert found["picked"] >= 12  # of 40: half of them
    assert found["lowered"] <= 7


def _until_alarm(chance: random.Random, chart: BernoulliCusum, usual: falls.Tally) -> list[int]:
    walk, said = falls.Walk(usual=usual, laid_out=usual.n), list[int]()
    while not walk.alarmed:
        said.append(chance.choices((0, 1), (25, 75))[0])
        walk = falls.step(chart, walk, said[-1] == 0)
    return said[-walk.run.n :]


def _days(said: list[int]) -> dict[int, Group]:
    return {day: Group.of(Counter(said[day::7]), 0, 1, 100) for day in range(7) if said[day::7]}


def _recovered(before: list[int], since: list[int], luck: float) -> bool:
    weeks = ({day: _counted(said[day::7]) for day in range(7)} for said in (before, since))
    change = recovery.compare(*weeks, 20, luck)
    return change is not None and change.verdict == "recovered"


def _drawn(chance: random.Random, n: int) -> Group:
    return _counted(chance.choices((-1, 0, 1), (50, 25, 25), k=n))


def _counted(said: list[int]) -> Group:
    return _group(*(said.count(score) for score in (-1, 0, 1)))
