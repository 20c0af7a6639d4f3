"""Composites: several answers of one person that make one figure together, such as the ten of the System Usability Scale.

A template says which of its questions are the items (``composites: {sus: [...]}``); here stands what they must be, and
what becomes of them. Counts are whole numbers, so that runs compare them as they compare every other answer.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from collector.statistics import usability


@dataclass(frozen=True)
class Composite:
    """``items`` questions of one ``kind``, whose scores make a count in ``counts``; times ``unit`` it is the figure."""

    key: str
    items: int
    kind: str
    counts: range
    unit: float
    score: Callable[[Sequence[int]], float]

    def count(self, scores: Sequence[int]) -> int:
        """Return what one person's items count as."""
        return round(self.score(scores) / self.unit)


_ALL = (
    Composite("sus", 10, "likert5", range(41), 2.5, usability.sus),
    Composite("umux_lite", 2, "likert7", range(13), 100 / 12, lambda items: usability.umux_lite(*items)),
)

COMPOSITES: Mapping[str, Composite] = {each.key: each for each in _ALL}
