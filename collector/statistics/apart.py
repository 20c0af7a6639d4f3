"""Parts that are apart: which are unhappier than the rest, when all are compared at once (Benjamini & Hochberg 1995)."""

from collections.abc import Sequence

from collector.statistics.comparisons import benjamini_hochberg, compare_shares
from collector.statistics.falls import Tally

LEAST = 30
"""Answers that a part and the others need."""
NO_LONGER = 0.2
"""One-sided p from which a part counts as back among the others."""


def worse(of: Tally, rest: Tally) -> float:
    """One-sided p that a part is unhappier than the others by chance."""
    compared = compare_shares(of.hits, of.n, rest.hits, rest.n)
    return compared.p / 2 if compared.difference > 0 else 1 - compared.p / 2


def discoveries(pairs: Sequence[tuple[Tally, Tally]], q: float) -> list[bool]:
    """Which parts are unhappier than their others, at a false discovery rate of q: where all are alike, any is so rarely."""
    adjusted = benjamini_hochberg([worse(of, rest) for of, rest in pairs])
    return [p <= q for p in adjusted]


def is_over(of: Tally, rest: Tally) -> bool:
    """Whether nothing speaks for a difference any more."""
    return worse(of, rest) > NO_LONGER
