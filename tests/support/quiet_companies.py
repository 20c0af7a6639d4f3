"""Quiet companies: 20 touchpoints over 90 days in which nothing changes. How many falls are signalled all the same?

    python -m quiet_companies 1000

Each touchpoint learns what is usual from its own first answers, as the worker does; more false alarms than were agreed
upon end with an error.
"""

from __future__ import annotations

import sys
from random import Random

from collector.signals.rules import SHARES
from collector.statistics import falls
from collector.statistics.control_charts import BernoulliCusum
from collector.statistics.falls import Walk

SHARES_OF_UNHAPPY = (0.05, 0.15, 0.25, 0.4, 0.6)
ANSWERS_A_DAY = (1, 2, 4, 8)
DAYS, YEAR = 90, 365.25


def alarms(random: Random, share: float, a_day: float, allowed: float, days: int = DAYS) -> int:
    """The falls that are signalled at one touchpoint, from its first answer on."""
    walk, chart, found = Walk(), BernoulliCusum(0.1, 0.2, 1.0), 0
    for number in range(1, int(a_day * days) + 1):
        hit = random.random() < share
        if walk.is_learning:
            walk = falls.learn(walk, hit)
            continue
        if walk.is_outgrown:
            chart = falls.design(walk.usual, number / max(7.0, number / a_day) * YEAR, allowed)
            walk = falls.laid_out(walk)
        after = (falls.step_back if walk.alarmed else falls.step)(chart, walk, hit)
        found += after.alarmed and not walk.alarmed
        walk = after
    return found


def of_companies(companies: int, seed: int, allowed: float = SHARES["fall"]) -> tuple[int, float]:
    """How many falls so many companies were told of, and how many were agreed upon."""
    random = Random(seed)
    found = sum(
        alarms(random, share, a_day, allowed)
        for _ in range(companies)
        for share in SHARES_OF_UNHAPPY
        for a_day in ANSWERS_A_DAY
    )
    touchpoints = companies * len(SHARES_OF_UNHAPPY) * len(ANSWERS_A_DAY)
    return found, allowed * touchpoints * DAYS / YEAR


if __name__ == "__main__":
    raised, agreed = of_companies(int(sys.argv[1]), 1)
    print(f"{raised} falls signalled where nothing changed, {agreed:.0f} agreed upon")
    sys.exit(raised > agreed)
