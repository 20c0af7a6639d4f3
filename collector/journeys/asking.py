"""The asking plan of a journey: which share of the ways through it is asked at which step. Pure.

A way is asked once. Were its first touchpoint to ask, that one would take every ask and no handover could be measured;
so the plan says how the asks are spread, and each way draws its step (``invitations.drawing``).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

MODES = ("spread", "end")
END = "end"
"""The place of the question about the whole journey, beside the touchpoints, in shares and in draws."""


@dataclass(frozen=True, slots=True)
class Asking:
    """``spread`` asks each step its share (none given: equal ones), ``end`` asks at the journey's end alone.

    ``shares`` are weights by step key, or ``end`` for the question about the whole journey; a step that is not named
    among them is not asked.
    """

    mode: str = "spread"
    shares: Mapping[str, float] = field(default_factory=dict)


Stop = tuple[str, str]
"""A step's key and its touchpoint."""


def weights(
    plan: Asking, stops: Sequence[Stop], asked: Collection[str], asks_at_end: bool = False
) -> dict[str, float]:
    """place -> weight: the touchpoints in ``asked`` (and ``END``) in the journey's order, as the plan weighs them.

    A touchpoint that the journey passes several times has the shares of all its steps; with equal shares, one.
    """
    places = list(dict.fromkeys(touchpoint for _, touchpoint in stops if touchpoint in asked))
    places += [END] if asks_at_end else []
    if plan.mode == "end":
        return {place: float(place == places[-1]) for place in places}
    if not plan.shares:
        return dict.fromkeys(places, 1.0)
    found = dict.fromkeys(places, 0.0)
    for key, place in [*stops, (END, END)]:
        if place in found:
            found[place] += plan.shares.get(key, 0.0)
    return found
