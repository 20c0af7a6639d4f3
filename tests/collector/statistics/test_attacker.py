"""The attacker's test: nothing published by who the customers are tells of fewer than five of them."""

import random
from datetime import date

import attacker
import pytest

from collector.statistics.closed_groups import SIZE, Book

Published = list[tuple[str, tuple[int, ...], date]]


def test_random_companies_tell_nothing() -> None:
    told = [seed for seed in range(2000) if attacker.disclosures(random.Random(seed))]
    assert told == []


def each_from_five(book: Book[int]) -> Published:
    """The rule that was: every figure of five people or more, judged alone."""
    answers: dict[str, list[int]] = {}
    for group in book.groups:
        answers.setdefault(group.category, []).extend(group.answers)
    for queue in (book.waiting, book.apart):
        for category, found in queue.items():
            answers.setdefault(category, []).extend(found)
    return [
        (category, tuple(found), attacker.FIRST) for category, found in answers.items() if len(found) >= SIZE
    ]


def nothing_kept_back(book: Book[int]) -> Published:
    return [(group.category, group.answers, group.released or book.day) for group in book.groups]


@pytest.mark.parametrize("publish", [each_from_five, nothing_kept_back])
def test_the_attacker_finds_what_weaker_rules_tell(publish: attacker.Publisher) -> None:
    told = sum(bool(attacker.disclosures(random.Random(seed), publish)) for seed in range(200))
    assert told > 20
