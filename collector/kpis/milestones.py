"""Milestones: how many get from one decisive step to the next, and who reaches the goal."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import TypeVar

from collector.statistics import K, Share, hidden, share

Key = TypeVar("Key", bound=Hashable)


def reached(paths: Iterable[Sequence[str]], milestones: Sequence[str]) -> list[int]:
    """Count the journey instances that reached each milestone after all earlier ones, in order."""
    counts = [0] * len(milestones)
    for path in paths:
        passed = 0
        for step in path:
            if passed < len(milestones) and step == milestones[passed]:
                counts[passed] += 1
                passed += 1
    return counts


def conversions(counts: Sequence[int]) -> list[Share]:
    """Return for each milestone but the first its share of the one before: 100, 60, 45 give 60 % and 75 %.

    ValueError if a later milestone has more than an earlier one: then the counts are not of the same instances.
    """
    return [share(after, before) for before, after in pairwise(counts)]


def goal_chances(groups: Mapping[Key, tuple[int, int]], k: int = K) -> dict[Key, Share | None]:
    """Return per group (step passed, score band) the share that reached the goal, from (reached, all).

    None for groups hidden for privacy: under k people, or computable from the total.
    """
    unseen = hidden({key: everyone for key, (_, everyone) in groups.items()}, k)
    return {
        key: None if key in unseen else share(arrived, everyone)
        for key, (arrived, everyone) in groups.items()
    }
