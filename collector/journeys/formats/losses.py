"""What was lost on the way into a format: the document beside what reading the result gives. Pure.

Comparing is the honest way: a list kept by hand would forget the field that was added last.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

from collector.journeys.definitions import Definitions, Journey, Phase, Step

SHOWN, LONGEST = 5, 60
GONE = "cannot be said in this format"
CHANGED = "reads back differently"


@dataclasses.dataclass(frozen=True)
class Loss:
    """Something that a format cannot carry or that we cannot: in which field, how often, why; ``said`` are the words."""

    field: str
    count: int
    note: str
    said: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.field} ({self.count}): {self.note}{': ' if self.said else ''}{self.words}"

    @property
    def words(self) -> str:
        """The first of the lost words, cut to a line."""
        first = [text if len(text) <= LONGEST else f"{text[:LONGEST]}..." for text in self.said[:SHOWN]]
        more = [f"and {len(self.said) - SHOWN} more"] if len(self.said) > SHOWN else []
        return " | ".join([*first, *more])


def between(before: Definitions, after: Definitions) -> tuple[Loss, ...]:
    """The fields that ``after`` lacks or says differently, with how often."""
    lost: Counter[tuple[str, str]] = Counter()
    for section in dataclasses.fields(before):
        there = {item.key: item for item in getattr(after, section.name)}
        for item in getattr(before, section.name):
            found = there.get(item.key)
            lost.update([(section.name, GONE)] if found is None else _differences(section.name, item, found))
    return tuple(Loss(name, count, note) for (name, note), count in sorted(lost.items()))


def _differences(path: str, before: Any, after: Any) -> Iterator[tuple[str, str]]:
    for item in dataclasses.fields(before):
        ours, theirs = getattr(before, item.name), getattr(after, item.name)
        if "stored" in item.metadata or ours == theirs:
            continue
        if item.name == "phases":
            yield from _phases(before, after)
        else:
            blank = theirs in (None, "", (), {}) or theirs == _default(item)
            yield f"{path}.{item.name}", GONE if blank else CHANGED


def _phases(before: Journey, after: Journey) -> Iterator[tuple[str, str]]:
    there = {phase.key: phase for phase in after.phases}
    for phase in before.phases:
        yield from _one("journeys.phases", _bare(phase), _bare(there.get(phase.key)))
    for one, other in zip_longest(before.steps, after.steps):
        yield from _one("journeys.steps", one, other)


def _one(path: str, ours: Any, theirs: Any) -> Iterator[tuple[str, str]]:
    if ours is None or theirs is None:
        yield path, GONE if theirs is None else CHANGED
    else:
        yield from _differences(path, ours, theirs)


def _bare(phase: Phase | None) -> Phase | None:
    """A phase that knows only how many steps it has, so that each lost field of a step is counted once."""
    if phase is None:
        return None
    return dataclasses.replace(phase, steps=tuple(Step(str(at), "") for at in range(len(phase.steps))))


def _default(item: dataclasses.Field[Any]) -> Any:
    return item.default_factory() if item.default_factory is not dataclasses.MISSING else item.default
