"""Which step asks: drawn once for each way through a journey, the same on every collector, at every retry. Pure.

Each place on the way gets a waiting time from the way's own hash, the shorter the greater its weight; the first one
due is drawn. So each place is drawn with its share exactly, and a place that comes or goes moves no draw between others.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

STRIPS = 2048  # of the integral below: an error of less than a millionth


@dataclass(frozen=True)
class Draw:
    """One way's draw among the places of its journey that ask; ``way`` is what tells it from other ways."""

    way: str
    weights: Mapping[str, float] = field(default_factory=dict)

    def takes(self, place: str, most: int = 1) -> bool:
        """Whether a place is among the ``most`` drawn; one that the plan does not know asks as if there were none."""
        if place not in self.weights:
            return True
        if len(self.weights) <= most:
            return self.weights[place] > 0
        times = {other: _time(self.way, other, weight) for other, weight in self.weights.items()}
        earlier = sum(time < times[place] for time in times.values())
        return self.weights[place] > 0 and earlier < most

    def probability(self, place: str, most: int = 1) -> float:
        """How likely a way draws this place."""
        if place not in self.weights:
            return 1.0
        others = tuple(sorted(w for key, w in self.weights.items() if key != place and w > 0))
        return chance(self.weights[place], others, most)


def way_of(journey: str | None, instance: str | None, transaction: str | None) -> str | None:
    """What a draw belongs to: the journey instance, else the transaction; None where nothing links two contacts."""
    found = instance or transaction
    return f"{journey}\0{found}" if journey and found else None


@lru_cache(maxsize=4096)
def chance(weight: float, others: tuple[float, ...], most: int) -> float:
    """The chance of being among the ``most`` first of exponential waiting times with these rates."""
    if weight <= 0:
        return 0.0
    if most > len(others):
        return 1.0
    if most == 1:
        return weight / (weight + sum(others))
    middles = ((i + 0.5) / STRIPS for i in range(STRIPS))
    return sum(4 * x**3 * _behind(x**4, weight, others, most) for x in middles) / STRIPS  # x^4: smooth at 0


def _behind(level: float, weight: float, others: tuple[float, ...], most: int) -> float:
    """The chance that fewer than ``most`` others come before the time at which this one's chance to wait is ``level``."""
    counts = [1.0]
    for other in others:
        later = level ** (other / weight)
        counts = [
            (counts[n] * later if n < len(counts) else 0.0) + (counts[n - 1] * (1 - later) if n else 0.0)
            for n in range(min(len(counts) + 1, most))
        ]
    return sum(counts)


def _time(way: str, place: str, weight: float) -> float:
    digest = hashlib.sha256(f"afterword/step/v1\0{place}\0{way}".encode()).digest()
    uniform = (int.from_bytes(digest[:7], "big") + 1) / 2**56
    return -math.log(uniform) / weight if weight > 0 else math.inf
