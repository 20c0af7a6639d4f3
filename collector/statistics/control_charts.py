"""Control charts: is this period out of the ordinary? Centre, limits and signal for each period.

The centre and spread come from the series itself, or are given: then the series is judged by another period.
A period without answers keeps its place, with no value and no signal.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log, sqrt

WIDTH = 3.0
MOVING_RANGE_BIAS = 1.128
"""The expected range of two standard normal values: d2 for n = 2."""


@dataclass(frozen=True)
class Point:
    """One period: its value (for EWMA the average so far), its limits, and whether the value lies outside."""

    value: float | None
    low: float | None
    high: float | None
    signal: bool


@dataclass(frozen=True)
class Chart:
    """A chart in the unit of its values; inflation is Laney's sigma of z, 1 for charts without it."""

    centre: float
    points: tuple[Point, ...]
    inflation: float = 1.0

    @property
    def signals(self) -> tuple[int, ...]:
        """The places of the periods that signal, from 0."""
        return tuple(place for place, point in enumerate(self.points) if point.signal)


@dataclass(frozen=True)
class Cusum:
    """A two-sided CUSUM: both sums and the alarm for each value."""

    high: tuple[float, ...]
    low: tuple[float, ...]
    signals: tuple[int, ...]


def p_chart(hits: Sequence[int], sizes: Sequence[int], centre: float | None = None) -> Chart:
    """Chart a share, 0..1, with limits p ± 3 sqrt(p (1 - p) / n) per period (NIST e-Handbook 6.3.3.2)."""
    p = _pooled(hits, sizes) if centre is None else centre
    return _shewhart(_rates(hits, sizes), sizes, p, p * (1 - p), (0.0, 1.0), inflation=1.0)


def laney_chart(hits: Sequence[int], sizes: Sequence[int], centre: float | None = None) -> Chart:
    """Chart a share, 0..1, whose limits are stretched by the variation between periods (Laney 2002, p').

    Take it for hundreds of answers a period, where a p-chart signals at every breath. Laney's sigma is the
    mean moving range of z over 1.128; under 1 the periods vary less than chance alone would make them.
    """
    p = _pooled(hits, sizes) if centre is None else centre
    rates = _rates(hits, sizes)
    inflation = _inflation(rates, sizes, p, p * (1 - p))
    return _shewhart(rates, sizes, p, p * (1 - p), (0.0, 1.0), inflation)


def nps_chart(bands: Sequence[tuple[int, int, int]]) -> Chart:
    """Chart the NPS as a net share, -1..1, of periods given as detractors, passives, promoters.

    The p-chart with three kinds of answer: limits NPS ± 3 sqrt(V / n), V the variance over all periods.
    """
    return _net_chart(bands, is_stretched=False)


def laney_net_chart(bands: Sequence[tuple[int, int, int]]) -> Chart:
    """The same with limits that are stretched by the variation between periods, as Laney stretches those of a share."""
    return _net_chart(bands, is_stretched=True)


def _net_chart(bands: Sequence[tuple[int, int, int]], is_stretched: bool) -> Chart:
    sizes = [sum(band) for band in bands]
    nets = [promoters - detractors for detractors, _, promoters in bands]
    centre = _pooled(nets, sizes)
    variance = (sum(d + p for d, _, p in bands) / sum(sizes)) - centre**2
    rates = _rates(nets, sizes)
    inflation = _inflation(rates, sizes, centre, variance) if is_stretched else 1.0
    return _shewhart(rates, sizes, centre, variance, (-1.0, 1.0), inflation)


def ewma_chart(
    values: Sequence[float | None],
    target: float,
    sigmas: Sequence[float],
    weight: float = 0.3,
    width: float = WIDTH,
) -> Chart:
    """Chart the exponentially weighted average E = weight x + (1 - weight) E, from E = target (NIST 6.3.2.4).

    sigmas: the standard deviation of each value, so that periods of different n may follow one another. The limits
    are the exact ones: narrow at first, then opening to the asymptote sigma sqrt(weight / (2 - weight)).
    """
    average, variance, points = target, 0.0, []
    for value, sigma in zip(values, sigmas, strict=True):
        if value is None:
            points.append(Point(None, None, None, signal=False))
            continue
        average += weight * (value - average)
        variance = weight**2 * sigma**2 + (1 - weight) ** 2 * variance
        points.append(_point(average, target, width * sqrt(variance)))
    return Chart(target, tuple(points))


def cusum(values: Sequence[float], target: float, slack: float, decision: float) -> Cusum:
    """Add up what exceeds target ± slack, never below 0; alarm while a sum is over decision (NIST 6.3.2.3)."""
    high, low = [0.0], [0.0]
    for value in values:
        high.append(max(0.0, high[-1] + value - target - slack))
        low.append(max(0.0, low[-1] + target - slack - value))
    sums = list(zip(high[1:], low[1:], strict=True))
    signals = tuple(place for place, pair in enumerate(sums) if max(pair) > decision)
    return Cusum(tuple(high[1:]), tuple(low[1:]), signals)


@dataclass(frozen=True)
class BernoulliCusum:
    """A CUSUM answer by answer, for touchpoints with few answers: is the share of detractors p1 rather than p0?

    Each answer adds log(p1 / p0) if it is a detractor, else log((1 - p1) / (1 - p0)), never below 0; an alarm is
    a sum of at least threshold (Reynolds & Stoumbos 1999, J. Quality Technology 31:87). Choose the threshold with
    `run_length.threshold`. The sum is all the state there is: keep it, and start again from 0 after an alarm.
    """

    p0: float
    p1: float
    threshold: float

    def __post_init__(self) -> None:
        if not 0 < self.p0 < self.p1 < 1:
            raise ValueError("a Bernoulli CUSUM needs 0 < p0 < p1 < 1")

    def add(self, total: float, hit: bool) -> float:
        """Return the sum after one more answer."""
        step = log(self.p1 / self.p0) if hit else log((1 - self.p1) / (1 - self.p0))
        return max(0.0, total + step)

    def alarms(self, hits: Sequence[bool]) -> tuple[int, ...]:
        """Return the places of the alarms in a row of answers, from 0, starting again after each."""
        total, places = 0.0, []
        for place, hit in enumerate(hits):
            total = self.add(total, hit)
            if total >= self.threshold:
                places.append(place)
                total = 0.0
        return tuple(places)


def _pooled(sums: Sequence[int], sizes: Sequence[int]) -> float:
    if not sum(sizes):
        raise ValueError("a chart needs a period with answers")
    return sum(sums) / sum(sizes)


def _rates(sums: Sequence[int], sizes: Sequence[int]) -> list[float | None]:
    return [value / n if n else None for value, n in zip(sums, sizes, strict=True)]


def _inflation(rates: Sequence[float | None], sizes: Sequence[int], centre: float, variance: float) -> float:
    """Return Laney's sigma of z: the mean moving range of the standardised rates over 1.128."""
    if variance <= 0:
        return 1.0
    z = [
        (rate - centre) / sqrt(variance / n) for rate, n in zip(rates, sizes, strict=True) if rate is not None
    ]
    ranges = [abs(after - before) for before, after in pairwise(z)]
    return sum(ranges) / len(ranges) / MOVING_RANGE_BIAS if ranges else 1.0


def _shewhart(
    rates: Sequence[float | None],
    sizes: Sequence[int],
    centre: float,
    variance: float,
    scale: tuple[float, float],
    inflation: float,
) -> Chart:
    points = []
    for rate, n in zip(rates, sizes, strict=True):
        if rate is None:
            points.append(Point(None, None, None, signal=False))
            continue
        margin = WIDTH * inflation * sqrt(max(0.0, variance) / n)
        points.append(_point(rate, centre, margin, scale))
    return Chart(centre, tuple(points), inflation)


def _point(
    value: float, centre: float, margin: float, scale: tuple[float, float] = (float("-inf"), float("inf"))
) -> Point:
    low, high = max(scale[0], centre - margin), min(scale[1], centre + margin)
    # A rounding error must not raise an alarm where every answer was the same.
    return Point(value, low, high, signal=not low - 1e-9 <= value <= high + 1e-9)
