"""What is looked out for, and how many false alarms each rule may raise. Pure.

The false alarms of a year are agreed upon per touchpoint (1, where nobody says otherwise) and shared out over the rules
that can be wrong by chance; a rule that is off leaves its share unused. What is simply so (an unhappy customer wrote) has
no false alarms.
"""

from __future__ import annotations

from collections.abc import Mapping

SHARES: Mapping[str, float] = {
    "fall": 0.35,
    "part": 0.2,
    "handover": 0.05,
    "drift": 0.05,
    "flood": 0.15,
    "silence": 0.1,
    "topic": 0.1,
}
"""Rule -> its share of a touchpoint's false alarms; all of them together are 1 at most."""
SIMPLY_SO = ("unhappy",)
RULES = (*SHARES, *SIMPLY_SO)
STATES = ("open", "known", "over")
PER_YEAR = 1.0
FEWEST, MOST = 0.1, 12.0
"""False alarms per touchpoint and year that somebody may ask for."""


def allowed(rule: str, per_year: float) -> float | None:
    """False alarms a year of one rule at one touchpoint; None for a rule that states what is simply so."""
    return SHARES[rule] * per_year if rule in SHARES else None
