"""Closed groups of five: how answers split by who the customers are can be shown beside exact totals.

A persona's figure that followed each answer could be subtracted from the figure a moment ago, or from the
total, and would tell what single people said. So the answers of each category are released five at a time, in
the order they came, and a group that was closed never changes. Whatever is published is a sum of whole
groups, so any two of these figures differ by nobody or by at least five people.

What is not published can be subtracted from the total too: this rest is empty or holds at least five answers,
of at least two categories if there are two. Where it would not, one more group stays back: the last one of the
largest category, or of the largest other one if the rest is all of one. A group is booked on the day of its
release, so that the rest stays large enough at the end of each day that has gone by.

An erased answer takes its group along: the other four stay in the rest for good. In a group with newer answers
they would tell, beside the group that was, what the newer ones said.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, TypeVar

SIZE = 5

Answer = TypeVar("Answer")


@dataclass
class Group(Generic[Answer]):
    """Five answers of one category; released is the day they were last published, None while they stay back."""

    category: str
    answers: tuple[Answer, ...]
    released: date | None = None


@dataclass
class Book(Generic[Answer]):
    """The answers of one place (series, touchpoint, journey version, channel) by one dimension, such as persona.

    waiting holds those that have no group yet, apart those whose group was dissolved. No value is a category.
    """

    groups: list[Group[Answer]] = field(default_factory=list)
    waiting: dict[str, list[Answer]] = field(default_factory=dict)
    apart: dict[str, list[Answer]] = field(default_factory=dict)
    day: date = date.min

    def arrive(self, category: str, answer: Answer, day: date) -> None:
        """Take in the next answer, and release or hold back what follows from it."""
        self.day = max(self.day, day)
        queue = self.waiting.setdefault(category, [])
        queue.append(answer)
        if len(queue) == SIZE:
            self.groups.append(Group(category, tuple(queue)))
            queue.clear()
        self._settle()

    def erase(self, answer: Answer) -> None:
        """Forget an answer; if it was in a group, the group is dissolved. An unknown answer is no error."""
        for queue in (*self.waiting.values(), *self.apart.values()):
            if answer in queue:
                queue.remove(answer)
        for group in [group for group in self.groups if answer in group.answers]:
            self.groups.remove(group)
            left = [each for each in group.answers if each != answer]
            self.apart.setdefault(group.category, []).extend(left)
        self._settle()

    def published(self) -> Iterator[Group[Answer]]:
        """Give the groups that may be shown."""
        return (group for group in self.groups if group.released is not None)

    def rest(self) -> Iterator[tuple[str, Answer]]:
        """Give what is not shown by category: waiting, apart, and in a group that stays back."""
        for queues in (self.waiting, self.apart):
            for category, queue in queues.items():
                yield from ((category, answer) for answer in queue)
        for group in self.groups:
            yield from ((group.category, each) for each in group.answers if group.released is None)

    def _settle(self) -> None:
        held = self._held()
        for group in self.groups:
            if group is held:
                group.released = None
            elif group.released is None:
                group.released = self.day

    def _held(self) -> Group[Answer] | None:
        closed: dict[str, int] = {}
        for group in self.groups:
            closed[group.category] = closed.get(group.category, 0) + 1
        outside = {
            key: len(self.waiting.get(key, ())) + len(self.apart.get(key, ()))
            for key in {*self.waiting, *self.apart}
        }
        category = held_back(closed, outside)
        return next((group for group in reversed(self.groups) if group.category == category), None)


def held_back(closed: Mapping[str, int], outside: Mapping[str, int]) -> str | None:
    """Name the category of which one group stays back, None if the rest is well without.

    closed counts the groups of each category, outside the answers in no group.
    """
    rest = {category for category, n in outside.items() if n}
    present = rest | {category for category, n in closed.items() if n}
    n = sum(outside.values())
    if not rest or (n >= SIZE and len(rest) >= min(2, len(present))):
        return None
    others = [category for category in closed if closed[category] and (len(rest) > 1 or category not in rest)]
    choice = others or [category for category in closed if closed[category]]
    return max(choice, key=lambda category: (closed[category], category), default=None)
