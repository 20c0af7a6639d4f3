"""The largest of several counts: is it largest beyond chance, or only in this sample?"""

from collections.abc import Sequence
from math import comb

from collector.statistics.intervals import LEVEL


def largest(counts: Sequence[int], level: float = LEVEL) -> int | None:
    """Return the place of the count that is largest for certain, None where chance may have put it first.

    The winner is held against the runner-up alone, by the two-sided binomial test of equal shares: of counts that fall into
    one of several places each, that is enough for all others too (Hung & Fithian 2019, Ann. Statist. 47:758-782).
    """
    order = sorted(range(len(counts)), key=lambda place: counts[place], reverse=True)
    if not order or not counts[order[0]]:
        return None
    first, second = counts[order[0]], counts[order[1]] if len(order) > 1 else 0
    return order[0] if equal_shares(first, second) <= 1 - level else None


def equal_shares(first: int, second: int) -> float:
    """Return the two-sided p of so unequal counts where each case falls on either side with equal chance."""
    n = first + second
    tail: int = sum(comb(n, k) for k in range(max(first, second), n + 1))
    return min(1.0, 2 * tail / (1 << n))
