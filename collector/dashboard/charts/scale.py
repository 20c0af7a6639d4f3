"""Where a value stands on a chart: a linear scale with calm, round ticks."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, log10


@dataclass(frozen=True)
class Scale:
    """From ``low`` to ``high`` in the unit of the figures; ``low`` is drawn at the bottom."""

    low: float
    high: float

    def share(self, value: float) -> float:
        """0 at ``low``, 1 at ``high``; values beyond are drawn at the edge."""
        span = self.high - self.low
        return min(1.0, max(0.0, (value - self.low) / span)) if span else 0.5

    def y(self, value: float, top: float, bottom: float) -> float:
        """The height in pixels between ``bottom`` and ``top`` (y grows downward in SVG)."""
        return bottom - self.share(value) * (bottom - top)

    def ticks(self, most: int = 5) -> list[float]:
        """At most ``most`` round values inside the scale, evenly spaced."""
        step = _round_step((self.high - self.low) / max(1, most - 1))
        first, last = ceil(self.low / step - 1e-9), floor(self.high / step + 1e-9)
        return [index * step for index in range(first, last + 1)]

    @classmethod
    def around(cls, values: list[float], bounds: tuple[float, float], least: float) -> Scale:
        """A scale that holds the values with some air, at least ``least`` wide, never beyond ``bounds``.

        ``least`` keeps noise from filling the whole height and passing for a trend.
        """
        if not values:
            return cls(*bounds)
        middle = (min(values) + max(values)) / 2
        half = max((max(values) - min(values)) * 0.6, least / 2)
        low, high = middle - half, middle + half
        if low < bounds[0]:
            low, high = bounds[0], max(high, bounds[0] + least)
        if high > bounds[1]:
            low, high = min(low, bounds[1] - least), bounds[1]
        return cls(max(low, bounds[0]), min(high, bounds[1]))


def _round_step(raw: float) -> float:
    if raw <= 0:
        return 1.0
    magnitude = 10.0 ** floor(log10(raw))
    return next(nice * magnitude for nice in (1, 2, 2.5, 5, 10) if nice * magnitude >= raw * (1 - 1e-9))
