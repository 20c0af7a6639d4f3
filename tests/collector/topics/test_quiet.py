"""Where nothing has changed, a page of topics says so: simulated, at most one in twenty says anything at all."""

from __future__ import annotations

import random
import uuid

import pytest

from collector.clock import FixedClock
from collector.responses import Said
from collector.topics import naming
from collector.topics.naming import stems_of
from collector.topics.topic import Split, new, topics

AT = FixedClock()()
PAGES = 120
ALLOWED = 13
"""Of 120 pages 6 may speak; more than 13 would in one of 200 runs."""


def said(number: int) -> Said:
    return Said(
        uuid.UUID(int=number), "Router kaputt", " rout kaputt ", "de", "nps", 3, "t", "web", f"c{number}", AT
    )


def test_a_quiet_period_tells_of_nothing_new() -> None:
    """Forty topics of all sizes, each comment in either period by the toss of a coin that is not fair."""
    chance, spoke = random.Random(11), 0
    for _ in range(PAGES):
        share, numbers = chance.choice((0.35, 0.5, 0.6)), iter(range(10_000))
        groups: list[Split] = []
        for _topic in range(40):
            split: Split = ([], [])
            for _comment in range(1 + int(chance.expovariate(1 / 12))):
                split[chance.random() < share].append(said(next(numbers)))
            groups.append(split)
        now, before = ([each for split in groups for each in split[side]] for side in (0, 1))
        found, _compared = topics(groups, now, before, stems_of([*now, *before]))
        assert new(groups, now, before) == [topic for topic in found if topic.change == "new"]
        spoke += any(topic.change for topic in found)
    assert spoke <= ALLOWED


def test_the_same_page_with_one_topic_planted_speaks_of_that_one() -> None:
    numbers = iter(range(10_000))
    groups: list[Split] = [
        ([said(next(numbers)) for _ in range(10)], [said(next(numbers)) for _ in range(10)])
        for _ in range(20)
    ]
    groups.append(([said(next(numbers)) for _ in range(14)], []))
    now, before = ([each for split in groups for each in split[side]] for side in (0, 1))
    found, compared = topics(groups, now, before, stems_of([*now, *before]))
    assert [topic.change for topic in found if topic.change] == ["new"]
    assert found[0].n == 14
    assert compared == 21
    assert new(groups, now, before) == [topic for topic in found if topic.change == "new"] != []


def test_nothing_is_given_a_name_where_nothing_is_new(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names are most of the work, and a look for new topics finds none most often."""
    numbers, named = iter(range(10_000)), list[int]()
    monkeypatch.setattr(naming, "terms", lambda members, *_given: named.append(len(members)) or ())
    groups: list[Split] = [
        ([said(next(numbers)) for _ in range(10)], [said(next(numbers)) for _ in range(10)])
        for _ in range(20)
    ]
    groups.append(([said(next(numbers)) for _ in range(14)], []))
    now, before = ([each for split in groups for each in split[side]] for side in (0, 1))
    new(groups, now, before)
    assert named == [14]
