"""What changed between two versions of a journey: fields, steps added, removed, moved and reworded.

Pure. Steps are known by their key, so a step that was renamed is the same step, and one that moved too.
"""

from __future__ import annotations

import dataclasses
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from collector.journeys.definitions import Definition, Journey, Phase, Step


@dataclass(frozen=True)
class Difference:
    """The way from one version of a journey to another; steps and phases by key."""

    fields: tuple[str, ...]
    phases_added: tuple[str, ...]
    phases_removed: tuple[str, ...]
    phases_renamed: tuple[str, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    moved: tuple[str, ...]
    changed: Mapping[str, tuple[str, ...]]

    def lines(self) -> Iterator[str]:
        """The difference in words, one line each."""
        yield from self.fields
        yield from (f"phase {key} added" for key in self.phases_added)
        yield from (f"phase {key} removed" for key in self.phases_removed)
        yield from (f"phase {key} renamed" for key in self.phases_renamed)
        yield from (f"step {key} added" for key in self.added)
        yield from (f"step {key} removed" for key in self.removed)
        yield from (f"step {key} moved" for key in self.moved)
        yield from (f"step {key}: {', '.join(names)}" for key, names in self.changed.items())


def compare(before: Journey, after: Journey) -> Difference:
    """How ``after`` differs from ``before``."""
    old_phases, new_phases = _phases(before), _phases(after)
    old, new = _steps(before), _steps(after)
    reworded = {key: fields_that_differ(old[key][1], new[key][1]) for key in new if key in old}
    return Difference(
        fields=tuple(name for name in fields_that_differ(before, after) if name != "phases"),
        phases_added=tuple(key for key in new_phases if key not in old_phases),
        phases_removed=tuple(key for key in old_phases if key not in new_phases),
        phases_renamed=tuple(
            key
            for key, phase in new_phases.items()
            if key in old_phases and phase.name != old_phases[key].name
        ),
        added=tuple(key for key in new if key not in old),
        removed=tuple(key for key in old if key not in new),
        moved=_moved({key: place for key, (place, _) in old.items()}, {k: p for k, (p, _) in new.items()}),
        changed={key: names for key, names in reworded.items() if names},
    )


def fields_that_differ(before: Definition | Step, after: Definition | Step) -> tuple[str, ...]:
    """The names of the fields in which two definitions of one kind say different things."""
    return tuple(
        item.name
        for item in dataclasses.fields(after)
        if "stored" not in item.metadata and getattr(before, item.name) != getattr(after, item.name)
    )


def _phases(journey: Journey) -> dict[str, Phase]:
    return {phase.key: phase for phase in journey.phases}


def _steps(journey: Journey) -> dict[str, tuple[str, Step]]:
    return {step.key: (phase.key, step) for phase in journey.phases for step in phase.steps}


def _moved(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[str, ...]:
    """The fewest steps that must have been moved: those in another phase or outside the longest kept order."""
    places = {key: index for index, key in enumerate(old)}
    shared = [key for key in new if key in old]
    kept = {shared[index] for index in _longest_rise([places[key] for key in shared])}
    return tuple(key for key in shared if key not in kept or old[key] != new[key])


def _longest_rise(numbers: Sequence[int]) -> list[int]:
    """The indices of a longest rising subsequence (patience sorting)."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for index, number in enumerate(numbers):
        place = bisect_left(tails, number)
        before.append(ends[place - 1] if place else -1)
        tails[place:], ends[place:] = [number, *tails[place + 1 :]], [index, *ends[place + 1 :]]
    rise: list[int] = []
    index = ends[-1] if ends else -1
    while index >= 0:
        rise.append(index)
        index = before[index]
    return rise[::-1]
