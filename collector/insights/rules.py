"""How an insight moves from state to state, and how much it weighs. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from collector import errors

STATES = ("new", "accepted", "working", "done", "checked", "declined")
OPEN = ("new", "accepted", "working")
MOVES: dict[str, tuple[str, ...]] = {
    "new": ("accepted", "declined"),
    "accepted": ("working", "declined"),
    "working": ("done", "declined"),
    "done": ("checked", "working"),
    "checked": ("working",),
    "declined": ("new",),
}
"""State -> where it may go from there; back to ``working`` is a reopening."""
ACTION_STATES = ("open", "done", "dropped")


def check_move(before: str, after: str, reason: str) -> None:
    """Raises 422 for a step that is none, and for a refusal without its reason."""
    if after not in MOVES[before]:
        ways = ", ".join(MOVES[before])
        raise errors.BadInput(
            f"From {before} an insight goes to: {ways}.",
            "no_such_step",
            {"state": [f"must be one of: {ways}"]},
        )
    if after == "declined" and not reason:
        raise errors.BadInput(
            "Say why it is declined.", "reason_needed", {"reason": ["is needed to decline"]}
        )


@dataclass(frozen=True)
class Weight:
    """Reach x effect: so many answers in 30 days, had everybody been asked, times the part of the scale by which they are worse.

    ``low`` and ``high`` come of the effect's 95 % interval.
    """

    reach: float
    effect: float
    low: float
    high: float

    @property
    def priority(self) -> float:
        return self.reach * self.effect


def weight(evidence: dict[str, Any]) -> Weight:
    """The weight of a stated difference, as its evidence was kept."""
    lowest, highest = evidence["range"]
    span = highest - lowest
    near, far = sorted((abs(evidence["low"]), abs(evidence["high"])))
    near = 0 if evidence["low"] < 0 < evidence["high"] else near
    reach = evidence["reach"]
    return Weight(reach, abs(evidence["shrunken"]) / span, reach * near / span, reach * far / span)
