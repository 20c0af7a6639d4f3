"""Shares: so many of so many, in percent with Wilson's interval; the figure behind rates, funnels and conversions."""

from dataclasses import dataclass

from collector.statistics.intervals import LEVEL, wilson


@dataclass(frozen=True)
class Share:
    """count of base, as value percent between low and high; without a base there is no value, not 0."""

    count: int
    base: int
    value: float | None
    low: float | None
    high: float | None


def share(count: int, base: int, level: float = LEVEL) -> Share:
    """Return count of base in percent with its interval; ValueError unless 0 <= count <= base."""
    if base == 0 and count == 0:
        return Share(0, 0, None, None, None)
    bounds = wilson(count, base, level).scaled(100)
    return Share(count, base, count / base * 100, bounds.low, bounds.high)
