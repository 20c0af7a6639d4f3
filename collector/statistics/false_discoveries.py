"""Many tests at once, with a bound on the share of false ones among those that are stated.

Benjamini & Hochberg 1995, J. R. Statist. Soc. B 57:289-300. Where nothing differs at all, anything is stated in at most
`LEVEL` of cases.
"""

from collections.abc import Sequence

LEVEL = 0.05


def q_values(p_values: Sequence[float]) -> list[float]:
    """Return for each p-value the least share of false discoveries at which it would be stated."""
    order = sorted(range(len(p_values)), key=lambda place: p_values[place], reverse=True)
    found, least, m = [1.0] * len(p_values), 1.0, len(p_values)
    for behind, place in enumerate(order):
        least = min(least, p_values[place] * m / (m - behind))
        found[place] = least
    return found
