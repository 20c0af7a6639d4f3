"""Somebody with a read key who wants to know what single customers said: asks at any time, and subtracts.

Figures are sets of people here, so that a difference is known exactly. What counts as told: a combination of two
or three figures, at least one of them split by who the customers are, that comes to one to four people of one
category. Totals take part where they are known to hold the split figure's people: the same place, asked at the
same time, from the beginning. People at a place of which nothing is published by that dimension are left out:
no figure speaks of what they are. ``python -m attacker 10000`` runs the long form.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations

import progress

from collector.statistics.closed_groups import SIZE, Book

FIRST = date(2026, 11, 2)
DIMENSIONS = ("persona", "tariff")
Publisher = Callable[[Book[int]], list[tuple[str, tuple[int, ...], date]]]


@dataclass(frozen=True)
class Person:
    """Who answered: by whom one may split, and where and when it was."""

    place: tuple[str, str]
    day: date
    persona: str
    tariff: str

    def category(self, dimension: str) -> str:
        return str(getattr(self, dimension))


@dataclass(frozen=True)
class Shown:
    """A published figure as the people in it, one bit each; scope says which total holds it (None: none surely).

    silent are the people whose place publishes nothing by the dimension.
    """

    people: int
    dimension: str | None
    scope: tuple[object, ...] | None
    silent: int = 0


def closed(book: Book[int]) -> list[tuple[str, tuple[int, ...], date]]:
    """What the product publishes."""
    return [(group.category, group.answers, group.released or date.max) for group in book.published()]


def disclosures(rng: random.Random, publish: Publisher = closed) -> int:
    """Ask one random company at random times, and count the combinations that tell of one to four people."""
    people, shown = _company(rng), list[Shown]()
    books: dict[tuple[tuple[str, str], str], Book[int]] = {}
    gone: set[int] = set()
    for number, person in enumerate(people):
        for dimension in DIMENSIONS:
            book = books.setdefault((person.place, dimension), Book())
            book.arrive(person.category(dimension), number, person.day)
        if rng.random() < 0.03:
            left = rng.choice([each for each in range(number + 1) if each not in gone])
            gone.add(left)
            for book in books.values():
                book.erase(left)
        if rng.random() < 0.25 or number == len(people) - 1:
            present = [each for each in range(number + 1) if each not in gone]
            shown += _asked(rng, people, present, books, publish, bool(gone), number)
    return _told(people, shown)


def _company(rng: random.Random) -> list[Person]:
    channels = ["web", "app"][: rng.randint(1, 2)]
    touchpoints = ["a", "b"][: rng.randint(1, 2)]
    personas = ["senior", "junior", "", "family"][: rng.randint(1, 4)]
    tariffs = ["", "L", "XL"][: rng.randint(1, 3)]
    weights = [rng.choice((1, 2, 8)) for _ in personas]
    day, people = FIRST, []
    for _ in range(rng.randint(5, 45)):
        day += timedelta(days=rng.random() < 0.2)
        place = rng.choice(touchpoints), rng.choice(channels)
        people.append(Person(place, day, rng.choices(personas, weights)[0], rng.choice(tariffs)))
    return people


def _asked(
    rng: random.Random,
    people: Sequence[Person],
    present: Sequence[int],
    books: dict[tuple[tuple[str, str], str], Book[int]],
    publish: Publisher,
    erased: bool,
    now: int,
) -> Iterator[Shown]:
    """A few random queries at one time; after an erasure, only figures up to today are measured against totals."""
    today = people[now].day
    for _ in range(3):
        touchpoint, channel = rng.choice(("a", "b", None)), rng.choice(("web", "app", None))
        last = rng.choice((today, today - timedelta(days=rng.randint(1, 4))))
        first = FIRST if rng.random() < 0.7 else FIRST + timedelta(days=rng.randint(0, 5))
        known = first == FIRST and (last == today or not erased)
        scope = (touchpoint, channel, last, now) if known else None
        here = [key for key in books if touchpoint in (key[0][0], None) and channel in (key[0][1], None)]
        places = {place for place, _ in here}
        everyone = [
            each for each in present if people[each].place in places and first <= people[each].day <= last
        ]
        yield Shown(_bits(everyone), None, scope)
        dimension = rng.choice(DIMENSIONS)
        split: dict[str, int] = {}
        speaking = set()
        for key in (key for key in here if key[1] == dimension):
            for category, answers, day in publish(books[key]):
                if first <= day <= last:
                    split[category] = split.get(category, 0) | _bits(answers)
                    speaking.add(key[0])
        silent = _bits([each for each in everyone if people[each].place not in speaking])
        yield from (Shown(each, dimension, scope, silent) for each in split.values())


def _bits(people: Sequence[int]) -> int:
    return sum(1 << each for each in people)


def _told(people: Sequence[Person], shown: Sequence[Shown]) -> int:
    distinct = list(dict.fromkeys(each for each in shown if each.people))
    split = [each for each in distinct if each.dimension]
    told = sum(
        _tells(people, one.people ^ other.people, one.people, other.people, one)
        for one, other in combinations(split, 2)
    )
    told += sum(_single(people, each.people, each) for each in split)
    for total in (each for each in distinct if each.dimension is None and each.scope):
        held = [each for each in split if each.scope == total.scope]
        told += sum(
            _tells(people, total.people ^ each.people, total.people, each.people, each) for each in held
        )
        for one, other in combinations(held, 2):
            if one.dimension == other.dimension:
                both = one.people | other.people
                told += _tells(people, total.people ^ both, total.people, both, one)
    for one, two, three in combinations(split, 3):
        told += _triple(people, one, two, three)
    return told


def _triple(people: Sequence[Person], one: Shown, two: Shown, three: Shown) -> int:
    """A - B - C and A + B - C of figures of one dimension, where what is added has nobody in common."""
    if len({one.dimension, two.dimension, three.dimension}) > 1:
        return 0
    told = 0
    for single, first, second in ((one, two, three), (two, one, three), (three, one, two)):
        if not first.people & second.people:
            both = first.people | second.people
            told += _tells(people, single.people ^ both, single.people, both, one)
    return told


def _tells(people: Sequence[Person], rest: int, one: int, other: int, split: Shown) -> int:
    """Whether a difference is a set of people (one figure holds the other) that is small and of one category."""
    nested = one & other in (one, other)
    return _single(people, rest, split) if nested else 0


def _single(people: Sequence[Person], rest: int, split: Shown) -> int:
    if not 0 < rest.bit_count() < SIZE or split.dimension is None or not rest & ~split.silent:
        return 0
    categories = {
        person.category(split.dimension) for number, person in enumerate(people) if rest >> number & 1
    }
    return int(len(categories) == 1)


def main(companies: int) -> None:
    """Print in how many random companies anything was told."""
    told = sum(
        bool(disclosures(random.Random(seed))) for seed in progress.told(range(companies), "companies")
    )
    print(f"{told} of {companies} random companies told of fewer than {SIZE} people")


if __name__ == "__main__":
    main(int(sys.argv[1]))
