"""Paths: what customers really did, from the log of each journey instance.

An instance is the visits of one customer on one journey, in order of time, over days and channels.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from statistics import median

from collector.statistics import Share, share


@dataclass(frozen=True)
class Visit:
    """One step visited at one time (with time zone)."""

    step: str
    at: datetime


Instance = Sequence[Visit]


@dataclass(frozen=True)
class Dwell:
    """The median time spent at a step, over n stays that were followed by another step."""

    n: int
    median: timedelta


def top_paths(instances: Iterable[Instance], limit: int = 10) -> list[tuple[tuple[str, ...], int]]:
    """Return the most travelled paths with their counts, repeats included; equal counts in alphabetical order."""
    counts = Counter(tuple(visit.step for visit in instance) for instance in instances if instance)
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:limit]


def repeat_rates(instances: Iterable[Instance]) -> dict[str, Share]:
    """Return per step the visits by someone who had been there before, of all its visits: A, B, B, C repeats B once."""
    visits: Counter[str] = Counter()
    repeats: Counter[str] = Counter()
    for instance in instances:
        steps = Counter(visit.step for visit in instance)
        visits.update(steps)
        repeats.update({step: count - 1 for step, count in steps.items()})
    return {step: share(repeats[step], visits[step]) for step in visits}


def repeat_rate(instances: Iterable[Instance]) -> Share:
    """Return the repeated visits of all steps, of all visits: A, B, B, C alone give 1 of 4."""
    steps = repeat_rates(instances).values()
    return share(sum(step.count for step in steps), sum(step.base for step in steps))


def is_abandoned(instance: Instance, ends: frozenset[str], timeout: timedelta, now: datetime) -> bool:
    """Say whether an instance stopped short of an end step and has been silent for the timeout.

    It is decided anew from the log, so a late visit reopens it.
    """
    return bool(instance) and not _ended(instance, ends) and now - instance[-1].at >= timeout


def judged(instances: Iterable[Instance], timeout: timedelta, now: datetime) -> list[Instance]:
    """Return the instances that began a timeout ago or earlier: only they have had the time to be abandoned.

    Among younger ones all that are over have ended well, and would make the rate too good.
    """
    return [instance for instance in instances if instance and now - instance[0].at >= timeout]


def abandonment(
    instances: Iterable[Instance], ends: frozenset[str], timeout: timedelta, now: datetime
) -> Share:
    """Return the abandoned instances, of all that are over: abandoned or ended. Open ones may still arrive."""
    over = [_ended(instance, ends) for instance in instances if _is_over(instance, ends, timeout, now)]
    return share(over.count(False), len(over))


def drop_offs(
    instances: Iterable[Instance], ends: frozenset[str], timeout: timedelta, now: datetime
) -> dict[str, Share]:
    """Return per step the instances abandoned right there, of those over that visited it."""
    visited: Counter[str] = Counter()
    left: Counter[str] = Counter()
    for instance in instances:
        if _is_over(instance, ends, timeout, now):
            visited.update({visit.step for visit in instance})
            left.update([] if _ended(instance, ends) else [instance[-1].step])
    return {step: share(left[step], visited[step]) for step in visited}


def dwell_times(instances: Iterable[Instance]) -> dict[str, Dwell]:
    """Return per step the median time from arriving to the next step; visits in a row are one stay.

    The last stay of an instance has no known length and is left out.
    """
    seconds: dict[str, list[float]] = defaultdict(list)
    for instance in instances:
        stays = [next(visits) for _, visits in groupby(instance, key=lambda visit: visit.step)]
        for here, there in pairwise(stays):
            seconds[here.step].append((there.at - here.at).total_seconds())
    return {step: Dwell(len(times), timedelta(seconds=median(times))) for step, times in seconds.items()}


def time_between(instances: Iterable[Instance], before: str, after: str) -> Dwell | None:
    """Return the median time from the first visit of one step to the next visit of another; None if never seen."""
    seconds = []
    for instance in instances:
        start = next((visit.at for visit in instance if visit.step == before), None)
        if start is None:
            continue
        arrival = next((visit.at for visit in instance if visit.step == after and visit.at >= start), None)
        if arrival is not None:
            seconds.append((arrival - start).total_seconds())
    return Dwell(len(seconds), timedelta(seconds=median(seconds))) if seconds else None


def _ended(instance: Instance, ends: frozenset[str]) -> bool:
    return any(visit.step in ends for visit in instance)


def _is_over(instance: Instance, ends: frozenset[str], timeout: timedelta, now: datetime) -> bool:
    return _ended(instance, ends) or is_abandoned(instance, ends, timeout, now)
