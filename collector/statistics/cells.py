"""Cells: how many answers gave which score, and what follows from that alone."""

from collections.abc import Iterable, Mapping
from math import fsum

Cells = Mapping[int, int]
"""Score -> number of answers; a score without answers may be missing or 0."""


def total(cells: Cells) -> int:
    """Return the number of answers; ValueError for a negative count, which would make every figure nonsense."""
    if min(cells.values(), default=0) < 0:
        raise ValueError("a cell cannot hold fewer than 0 answers")
    return sum(cells.values())


def mean(cells: Cells) -> float | None:
    """Return the mean score on the scale of the scores, None without answers."""
    n = total(cells)
    return sum(score * count for score, count in cells.items()) / n if n else None


def variance(cells: Cells) -> float | None:
    """Return the variance of one answer with divisor n (maximum likelihood), None without answers."""
    average = mean(cells)
    if average is None:
        return None
    return fsum(count * (score - average) ** 2 for score, count in cells.items()) / total(cells)


def merged(many: Iterable[Cells]) -> dict[int, int]:
    """Add cells up: the cells of a quarter from its days, of a journey from its touchpoints."""
    sums: dict[int, int] = {}
    for cells in many:
        for score, count in cells.items():
            sums[score] = sums.get(score, 0) + count
    return sums


def within(cells: Cells, band: range) -> int:
    """Count the answers whose score lies in the band."""
    return sum(count for score, count in cells.items() if score in band)
