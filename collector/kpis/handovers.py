"""Handovers: where one department passes the customer to the next, and what the score does there."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from collector.kpis.metrics import Metric
from collector.kpis.scores import Figure, figure
from collector.statistics.cells import Cells, total
from collector.statistics.intervals import Interval, difference
from collector.statistics.small_groups import K, rankable


@dataclass(frozen=True)
class Step:
    """A step of the journey in its order; passes is how many customers came through, if that is known."""

    key: str
    owners: frozenset[str]
    cells: Cells
    passes: int | None = None


@dataclass(frozen=True)
class Handover:
    """A pair of neighbouring measured steps with different owners.

    change: score after minus score before, in the metric's unit, between low and high (95 %, samples taken as
    independent). volume: customers who passed the later step, or its answers if that is not known. lost: the
    drop times the volume, 0 for a rise, between lost_low and lost_high. skipped: steps in between that are
    not measured. rank: 1 is worst, equal ranks cannot be told apart; None under 100 answers on either side.
    """

    before: str
    after: str
    owners_before: frozenset[str]
    owners_after: frozenset[str]
    n_before: int
    n_after: int
    change: float
    low: float
    high: float
    volume: int
    lost: float
    lost_low: float
    lost_high: float
    skipped: int
    rank: int | None = None


def handovers(metric: Metric, steps: Sequence[Step], minimum: int = K) -> list[Handover]:
    """Find the handovers of a journey, the greatest loss first.

    A step with fewer than minimum answers counts as not measured, for the sake of privacy. A step without
    an owner is a handover too: to nobody.
    """
    measured = [(place, step) for place, step in enumerate(steps) if total(step.cells) >= minimum]
    found = [
        _handover(metric, before, after, skipped=place_after - place_before - 1)
        for (place_before, before), (place_after, after) in pairwise(measured)
        if before.owners != after.owners
    ]
    ranked = [replace(handover, rank=_rank(handover, found)) for handover in found]
    return sorted(ranked, key=lambda handover: (handover.rank or len(found) + 1, -handover.lost))


def _handover(metric: Metric, before: Step, after: Step, skipped: int) -> Handover:
    n_before, value_before, bounds_before = _measured(figure(metric, before.cells))
    n_after, value_after, bounds_after = _measured(figure(metric, after.cells))
    bounds = difference(value_after, bounds_after, value_before, bounds_before)
    volume = n_after if after.passes is None else after.passes
    return Handover(
        before=before.key,
        after=after.key,
        owners_before=before.owners,
        owners_after=after.owners,
        n_before=n_before,
        n_after=n_after,
        change=value_after - value_before,
        low=bounds.low,
        high=bounds.high,
        volume=volume,
        lost=max(0.0, value_before - value_after) * volume,
        lost_low=max(0.0, -bounds.high) * volume,
        lost_high=max(0.0, -bounds.low) * volume,
        skipped=skipped,
    )


def _measured(shown: Figure) -> tuple[int, float, Interval]:
    if shown.n is None or shown.value is None or shown.low is None or shown.high is None:
        raise ValueError("a handover needs answers on both sides")
    return shown.n, shown.value, Interval(shown.low, shown.high)


def _rank(handover: Handover, others: Sequence[Handover]) -> int | None:
    """Return 1 plus the number of handovers that lost more for certain: whose interval lies wholly above."""
    if not _comparable(handover):
        return None
    return 1 + sum(_comparable(other) and other.lost_low > handover.lost_high for other in others)


def _comparable(handover: Handover) -> bool:
    return rankable(min(handover.n_before, handover.n_after))
