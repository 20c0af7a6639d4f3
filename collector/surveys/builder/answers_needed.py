"""How many answers a survey's score takes for its interval to be so narrow: said beside its quota, before anybody is asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from collector.statistics import sample_size

NET = frozenset({"nps"})
SHARES = frozenset({"csat", "helpful", "clear", "fcr", "goal", "exit"})
STEPS = {"ces": 7, "stars": 5, "emotion": 5}
"""Of the questions whose figure is a mean: how many steps their scale has."""


class Needed(NamedTuple):
    """So many answers for a 95 % interval that reaches ``margin`` to either side: points, for a mean steps of its scale."""

    margin: float
    answers: int


def needed(metric: str | None) -> Sequence[Needed]:
    """Where answers spread widely, for a far and a near look; nothing for a survey without a figure."""
    if metric in NET:
        return [Needed(margin, sample_size.for_nps(margin / 100, 1.0)) for margin in (10, 5)]
    if metric in SHARES:
        return [Needed(margin, sample_size.for_share(margin / 100)) for margin in (10, 5)]
    if metric in STEPS:
        evenly_spread = (STEPS[metric] ** 2 - 1) / 12
        return [Needed(margin, sample_size.for_mean(margin, evenly_spread)) for margin in (0.5, 0.25)]
    return []
