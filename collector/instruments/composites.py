"""Composites: several answers of one person that make one figure together, such as the ten of the System Usability Scale.

A template says which of its questions are the items (``composites: {sus: [...]}``); here stands what they must be, and
what becomes of them. Counts are whole numbers, so that runs compare them as they compare every other answer.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from collector.statistics import kano, usability


@dataclass(frozen=True)
class Composite:
    """``items`` questions of one ``kind`` make a count in ``counts``; times ``unit`` it is the figure.

    An item is its score; of a choice with the ``options`` given, the place of what was chosen. With ``categories`` the count
    is the place of one of them, and a figure the share of a category.
    """

    key: str
    items: int
    kind: str
    counts: range
    unit: float
    score: Callable[[Sequence[int]], float]
    options: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()

    def count(self, items: Sequence[int]) -> int:
        """Return what one person's items count as."""
        return round(self.score(items) / self.unit)


def _itself(items: Sequence[int]) -> float:
    return items[0]


_ALL = (
    Composite("sus", 10, "likert5", range(41), 2.5, usability.sus),
    Composite("umux_lite", 2, "likert7", range(13), 100 / 12, lambda items: usability.umux_lite(*items)),
    Composite("seq", 1, "likert7", range(1, 8), 1, _itself),
    Composite("kano", 2, "single_choice", range(6), 1, kano.category, kano.ANSWERS, kano.CATEGORIES),
)

COMPOSITES: Mapping[str, Composite] = {each.key: each for each in _ALL}
