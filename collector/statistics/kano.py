"""Kano's sorting of a feature: what two answers say it is to a customer, and whether the answers of many agree.

Evaluation table after Berger et al. 1993 (Center for Quality of Management Journal 2(4):3-36): rows are how somebody feels
with the feature, columns how they feel without it. Whether the most frequent category stands apart from the next: Fong
1996 (the same journal 5(3):21-24), at 90 %.
"""

from collections.abc import Mapping, Sequence
from math import sqrt

ANSWERS = ("like", "expect", "neutral", "live_with", "dislike")
CATEGORIES = ("attractive", "one_dimensional", "must_be", "indifferent", "reverse", "questionable")
_LETTERS = dict(zip("AOMIRQ", range(6), strict=True))
_TABLE = ("QAAAO", "RIIIM", "RIIIM", "RIIIM", "RRRRQ")
FONG_Z = 1.65


def category(answers: Sequence[int]) -> int:
    """Return the place in ``CATEGORIES`` of a pair of answers (with, without), each by its place in ``ANSWERS``."""
    functional, dysfunctional = answers
    return _LETTERS[_TABLE[functional][dysfunctional]]


def stands_apart(counts: Mapping[int, int]) -> bool:
    """Whether the most frequent category is so by more than chance: |a - b| >= 1.65 sqrt((a + b)(2n - a - b) / 2n)."""
    n = sum(counts.values())
    a, b, *_ = [*sorted(counts.values(), reverse=True), 0, 0]
    return n > 0 and a - b >= FONG_Z * sqrt((a + b) * (2 * n - a - b) / (2 * n))


def better_worse(counts: Mapping[int, int]) -> tuple[float, float] | None:
    """Return how much satisfaction rises with the feature, (A + O) / (A + O + M + I), and falls without, -(O + M) / the same."""
    attractive, one_dimensional, must_be, indifferent = (counts.get(place, 0) for place in range(4))
    whole = attractive + one_dimensional + must_be + indifferent
    if not whole:
        return None
    return (attractive + one_dimensional) / whole, -(one_dimensional + must_be) / whole
