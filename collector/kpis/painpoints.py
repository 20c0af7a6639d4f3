"""Pain points: touchpoints that are worse than their journey, and not by chance."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from collector.kpis.scores import Figure
from collector.statistics.small_groups import LOW_BASE

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class PainPoint(Generic[Key]):
    """A flagged touchpoint: gap is the journey's score minus its own, in the metric's unit; lost is gap times n."""

    key: Key
    figure: Figure
    gap: float
    lost: float


def pain_points(
    touchpoints: Mapping[Key, Figure], journey: Figure, minimum: int = LOW_BASE
) -> list[PainPoint[Key]]:
    """Flag each touchpoint whose upper limit lies under the journey's score, from a minimum of answers on.

    journey is the figure of all the journey's answers (merge the cells of its touchpoints). Worst first, by lost
    score. Higher is better for every metric. ValueError if figures of different metrics meet.
    """
    mixed = {figure.metric for figure in touchpoints.values()} - {journey.metric}
    if mixed:
        raise ValueError(f"{journey.metric} cannot be compared with {', '.join(sorted(mixed))}")
    found = [
        PainPoint(key, figure, journey.value - figure.value, (journey.value - figure.value) * figure.n)
        for key, figure in touchpoints.items()
        if journey.value is not None
        and figure.n is not None
        and figure.value is not None
        and figure.high is not None
        and figure.n >= minimum
        and figure.high < journey.value
    ]
    return sorted(found, key=lambda point: point.lost, reverse=True)
