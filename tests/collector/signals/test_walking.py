"""A watch says the same whether answers come to it one at a time or hundreds at once."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from types import SimpleNamespace

import pytest

from collector.signals import weekly
from collector.signals.models import SignalWatch, Walked
from collector.signals.walking import Walking
from collector.statistics import falls, weeks

BEGAN = date(2026, 3, 2)
COLUMNS = sorted(name for name in Walked.__annotations__)


def _watch() -> SignalWatch:
    numbers = (
        "told",
        "usual_hits",
        "usual_n",
        "laid_out",
        "run_hits",
        "run_n",
        "after_hits",
        "after_n",
        "regime",
    )
    shares = ("p0", "p1", "threshold", "total", "back")
    empty = dict.fromkeys(numbers, 0) | dict.fromkeys(shares, 0.0)
    return SignalWatch(**empty, alarmed=False, run_since=None, began_on=BEGAN, last_day=BEGAN)


def _answers(seed: int) -> list[tuple[bool, date]]:
    """A series that worsens, recovers and worsens for good."""
    chance, shares = Random(seed), [0.1] * 200 + [0.6] * 60 + [0.1] * 150 + [0.5] * 400
    return [(chance.random() < share, BEGAN + timedelta(days=n // 20)) for n, share in enumerate(shares)]


def _fed(seed: int, at_once: int) -> tuple[list[tuple[int, str]], dict[str, object]]:
    """What was told after how many answers, and how far the watch is."""
    watch, answers, told = _watch(), _answers(seed), list[tuple[int, str]]()
    for start in range(0, len(answers), at_once):
        walk = Walking(watch, falls.design, 0.35)
        for place, (hit, day) in enumerate(answers[start : start + at_once], start):
            watch.last_day = day
            if happened := walk.feed(hit, day):
                told.append((place, happened))
        walk.keep()
    return told, {name: getattr(watch, name) for name in COLUMNS}


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("at_once", [7, 100, 810])
def test_a_batch_tells_what_its_answers_tell_one_by_one(seed: int, at_once: int) -> None:
    told, watch = _fed(seed, 1)
    assert [happened for _place, happened in told][:3] == ["raised", "recovered", "raised"]
    assert _fed(seed, at_once) == (told, watch)
    assert watch["regime"] >= 2


def test_the_watch_is_right_at_the_moment_at_which_it_tells() -> None:
    """Whoever raises a signal reads its figures there, in the middle of a batch."""
    watch = _watch()
    walk = Walking(watch, falls.design, 0.35)
    told = [walk.feed(hit, day) for hit, day in _answers(1)[:210]]
    assert "raised" not in told, "it cannot be that fast"
    place = next(number for number, (hit, day) in enumerate(_answers(1)[210:], 211) if walk.feed(hit, day))
    assert watch.told == place
    assert watch.alarmed
    assert watch.regime == 1
    assert watch.run_since is not None
    assert watch.run_hits / watch.run_n > 2 * watch.usual_hits / watch.usual_n


def test_weeks_hold_the_same_whether_answers_come_one_by_one_or_at_once() -> None:
    """Answers of long ago among them, which no longer have a place."""
    chance, at_once, one_by_one = Random(5), SignalWatch(weeks={}), SignalWatch(weeks={})
    for _ in range(6):
        days = [BEGAN + timedelta(days=chance.randrange(300)) for _ in range(40)]
        said = [
            SimpleNamespace(day=day, score=chance.randrange(3), journey=chance.choice(("a b", None)))
            for day in days
        ]
        weekly.keep(at_once, said)  # type: ignore[arg-type]
        for each in said:
            weekly.keep(one_by_one, [each])  # type: ignore[list-item]
    assert at_once.weeks == one_by_one.weeks
    assert list(at_once.weeks) == sorted(at_once.weeks)
    assert len(at_once.weeks) == weeks.KEPT
    assert {cell.partition(" ")[2] for cells in at_once.weeks.values() for cell in cells} == {"a b", ""}
