"""Outcomes beside scores: each customer once, five at a time, in the order in which they were told."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from collector.outcomes import association
from collector.outcomes.association import Person, Told

START = datetime(2026, 3, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def told(
    person: str, answered: int = 0, occurred: int = 1, score: int = 3, amount: int = 10_000, received: int = 9
) -> Told:
    days = (START + DAY * each for each in (answered, occurred, received))
    answered_at, occurred_at, received_at = days
    return Told(person, score, answered_at, amount, occurred_at, received_at)


def test_what_came_before_the_answer_or_long_after_is_not_beside_it() -> None:
    found = [told("before", 5, 4), told("same", 5, 5), told("late", 0, 91), told("last day", 0, 90)]
    assert len(association.people(found, is_flag=True)) == 1


def test_the_first_answer_counts_and_amounts_add_up() -> None:
    found = [
        told("a", 0, 3, score=1, amount=5),
        told("a", 0, 4, score=1, amount=7),
        told("a", 2, 3, score=5, amount=5),
    ]
    assert association.people(found, is_flag=False) == [Person(1, 12, START + DAY * 9)]


def test_one_yes_is_a_yes() -> None:
    found = [told("a", amount=0), told("a", amount=10_000)]
    assert [each.amount for each in association.people(found, is_flag=True)] == [10_000]


def test_any_two_looks_differ_by_nobody_or_by_five() -> None:
    """However outcomes come in, one by one: what is published never tells of fewer than five."""
    chance = random.Random(7)
    found: list[Told] = []
    last: dict[str, set[int]] = {"bottom": set(), "top": set()}
    for number in range(60):
        found.append(told(str(number), received=number, score=chance.choice((1, 5)), amount=number))
        people = association.people(found, is_flag=False)
        for band, score in (("bottom", 1), ("top", 5)):
            now = {
                each.amount for each in association.released([each for each in people if each.score == score])
            }
            assert last[band] <= now
            assert len(now - last[band]) % 5 == 0
            last[band] = now


def test_a_share_has_wilsons_interval_and_a_mean_students() -> None:
    some = [Person(1, amount, START) for amount in (0, 0, 0, 10_000, 10_000, 10_000)]
    (share,) = association.by_band({"bottom": some}, is_flag=True)
    assert (share.n, share.value) == (5, pytest.approx(40))
    assert (share.low, share.high) == (pytest.approx(11.76, abs=0.01), pytest.approx(76.93, abs=0.01))
    (mean,) = association.by_band(
        {"bottom": [Person(1, each * 10_000, START) for each in (1, 2, 3, 4, 5)]}, is_flag=False
    )
    assert mean.value == 3
    assert (mean.low, mean.high) == (pytest.approx(1.0368, abs=0.001), pytest.approx(4.9632, abs=0.001))


def test_under_five_nothing_is_shown() -> None:
    (figure,) = association.by_band({"top": [Person(5, 1, START)] * 4}, is_flag=True)
    assert (figure.n, figure.value) == (0, None)


def test_only_yes_or_only_no_says_nothing() -> None:
    yes, no = ([Person(1, amount, START)] * 5 for amount in (10_000, 0))
    assert association.is_one_sided(
        association.by_band({"bottom": yes, "top": yes, "middle": []}, is_flag=True)
    )
    assert not association.is_one_sided(association.by_band({"bottom": yes, "top": no}, is_flag=True))
