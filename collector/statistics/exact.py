"""Fisher's exact test of two counts, for the small ones that no normal curve fits."""

from math import exp, fsum, lgamma

NEGLIGIBLE = 1e-12
"""Terms fall faster and faster: the rest of such a tail is nothing."""


def at_least(n: int, size: int, n_against: int, size_against: int) -> float:
    """Return how probable so large a part of `n + n_against` on the first side is, were it drawn by chance alone.

    The upper tail of the hypergeometric distribution: `size` and `size_against` are all that there are on each side.
    """
    both = n + n_against
    term = exp(
        _log_choose(size, n) + _log_choose(size_against, n_against) - _log_choose(size + size_against, both)
    )
    terms = [term]
    for k in range(n, min(both, size)):
        term *= (both - k) * (size - k) / ((k + 1) * (size_against - both + k + 1))
        terms.append(term)
        if term < terms[0] * NEGLIGIBLE:
            break
    return min(1.0, fsum(terms))


def two_sided(n: int, size: int, n_against: int, size_against: int) -> float:
    """Return twice the tail on the side to which the counts lean, at most 1."""
    leans = n * size_against >= n_against * size
    tail = at_least(n, size, n_against, size_against) if leans else at_least(n_against, size_against, n, size)
    return min(1.0, 2 * tail)


def _log_choose(n: int, k: int) -> float:
    if not 0 <= k <= n:
        return float("-inf")
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
