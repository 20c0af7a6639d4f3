"""How many answers a hypothesis takes, with the name of the formula: the helper beside the field. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from collector.communities.runs import Hypothesis
from collector.results.measures import Measure
from collector.statistics import sample_size

EXPECTED_SHARE = 0.5
EXPECTED_VARIANCE = {"net": 0.67, "share": 0.25}
MEAN_SPREAD = 0.25
"""The standard deviation of a mean's answers, as part of its scale, where none is known."""


@dataclass(frozen=True)
class Planned:
    """How many answers (of each variant, where two are compared) find the difference with 80 % power."""

    n: int
    formula: str


def plan(hypothesis: Hypothesis, measure: Measure, expected: float | None = None) -> Planned:
    """The sample size for a hypothesis. ``expected``: what the figure is now, in its unit; the most cautious if not said.

    A threshold is planned for a truth that lies a tenth of the scale off it, or off it as ``expected`` does.
    """
    kind, unit = measure.kind, measure.unit
    if hypothesis.kind == "difference":
        return _difference(kind, abs(hypothesis.value) / unit, measure, expected)
    threshold = hypothesis.value / unit
    gap = abs(expected / unit - threshold) if expected is not None else 0.1 * measure.span
    variance = _variance(kind, measure, threshold)
    n = sample_size.for_gap(gap or 0.1 * measure.span, variance)
    return Planned(n, "n = (z + z_power)² V / gap²")


def _difference(kind: str, gap: float, measure: Measure, expected: float | None) -> Planned:
    if kind == "net":
        return Planned(
            sample_size.for_nps_difference(gap), "n = (z + z_power)² (V1 + V2) / gap² - 3, V = 0.67"
        )
    if kind == "share":
        base = EXPECTED_SHARE - gap / 2 if expected is None else expected / measure.unit
        other = base + gap if base + gap <= 1 else base - gap
        return Planned(
            sample_size.for_shares_pooled(base, min(1.0, max(0.0, other))),
            "n = (z √(2p(1-p)) + z_power √(V1 + V2))² / gap² (Fleiss, pooled)",
        )
    variance = _variance(kind, measure, None)
    return Planned(sample_size.for_gap(gap, 2 * variance), "n = (z + z_power)² 2 V / gap²")


def _variance(kind: str, measure: Measure, share: float | None) -> float:
    """Of one answer: of a share at the threshold, else as is common."""
    if kind == "share" and share is not None:
        return max(0.01, share * (1 - share))
    if kind in EXPECTED_VARIANCE:
        return EXPECTED_VARIANCE[kind]
    return (MEAN_SPREAD * measure.span) ** 2
