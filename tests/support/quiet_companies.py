"""Quiet companies: 20 touchpoints over 90 days in which nothing changes. How many signals are raised all the same?

    python -m quiet_companies 1000
    python -m quiet_companies 500 501  # the second half of them

Each touchpoint learns what is usual from its own first answers, as the worker does; all kinds that can be wrong are played
together, with the pure rules that the product uses. More false alarms than were agreed upon end with an error.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from collector.signals.rules import SHARES
from collector.statistics import (
    apart,
    control_charts,
    exact,
    falls,
    false_discoveries,
    floods,
    silences,
    weeks,
)
from collector.statistics.falls import Tally, Walk
from collector.statistics.weeks import Moments

SHARES_OF_UNHAPPY = (0.05, 0.15, 0.25, 0.4, 0.6)
ANSWERS_A_DAY = (1, 2, 4, 8)
SILENT = (0.6, 0.75, 0.85, 0.93)
"""Of those asked, by the rate of answers: who answers often is asked by a good question."""
DAYS, YEAR = 90, 365.25
BETWEEN_LOOKS = 20
TOPICS = 25


@dataclass
class Touchpoint:
    """What is known of one touchpoint; ``parts`` are its two channels' answers, ``said`` its topics by look."""

    share: float
    a_day: int
    silent: float
    walk: Walk = field(default_factory=Walk)
    asks: Walk = field(default_factory=Walk)
    chart: control_charts.BernoulliCusum | None = None
    ask_chart: control_charts.BernoulliCusum | None = None
    days: list[int | None] = field(default_factory=list)
    weeks: list[Moments] = field(default_factory=list)
    parts: list[tuple[int, bool, int]] = field(default_factory=list)
    standing: set[str] = field(default_factory=set)
    looked: int = 0


def alarms(random: Random, here: Touchpoint, before: Touchpoint | None) -> Iterator[str]:
    """The signals of one touchpoint, each by its kind; ``before`` is the one it is handed over from."""
    asked = 0
    for day in range(DAYS):
        rate = here.a_day * random.gammavariate(10, 0.1) * (0.4 if day % 7 > 4 else 1.24)
        n = sum(random.random() < rate / 40 for _ in range(40))
        hits = [random.random() < here.share for _ in range(n)]
        for hit in hits:
            yield from _answer(random, here, hit, day)
        yield from _flood(here, n)
        here.days.append(n)
        for _ in range(max(1, round(here.a_day / (1 - here.silent)))):
            asked += 1
            yield from _ask(here, random.random() < here.silent, asked, day)
        _keep_week(random, here, hits, day)
        if day % 7 == 6:
            yield from _weeks(here, before, day // 7 + 1)


def _answer(random: Random, here: Touchpoint, hit: bool, day: int) -> Iterator[str]:
    here.parts.append((day, hit, random.randrange(2)))
    told, a_year = len(here.parts), len(here.parts) / max(7, day + 1) * YEAR
    if here.walk.is_outgrown:
        here.chart = falls.design(here.walk.usual, a_year, SHARES["fall"])
        here.walk = falls.laid_out(here.walk)
    here.walk, is_told = _walked(here.chart, here.walk, hit)
    if is_told:
        yield "fall"
    if told - here.looked >= BETWEEN_LOOKS:
        here.looked = told
        yield from _parts(here, day, SHARES["part"] / max(1.0, a_year / BETWEEN_LOOKS))
        yield from _topics(random, told, SHARES["topic"] / max(1.0, a_year / BETWEEN_LOOKS))


def _walked(chart: control_charts.BernoulliCusum | None, walk: Walk, hit: bool) -> tuple[Walk, bool]:
    if chart is None or walk.is_learning:
        return falls.learn(walk, hit), False
    after = (falls.step_back if walk.alarmed else falls.step)(chart, walk, hit)
    return after, after.alarmed and not walk.alarmed


def _ask(here: Touchpoint, is_silent: bool, asked: int, day: int) -> Iterator[str]:
    if here.asks.is_outgrown:
        chart = silences.design(here.asks.usual, asked / max(7, day + 1) * YEAR, SHARES["silence"])
        if chart is not None:
            here.ask_chart, here.asks = chart, falls.laid_out(here.asks)
    here.asks, is_told = _walked(here.ask_chart, here.asks, is_silent)
    if is_told:
        yield "silence"


def _flood(here: Touchpoint, n: int) -> Iterator[str]:
    usual = floods.usual(here.days[-84:])
    if usual is not None and floods.is_flood(n, usual, SHARES["flood"]):
        yield "flood"


def _parts(here: Touchpoint, day: int, q: float) -> Iterator[str]:
    """Two channels that are alike, of the last 28 days."""
    sides = [
        Tally(sum(hit for _, hit, channel in recent if channel == key), sum(row[2] == key for row in recent))
        for recent in [[row for row in here.parts if row[0] > day - 28]]
        for key in (0, 1)
    ]
    if min(side.n for side in sides) < apart.LEAST:
        return
    found = apart.discoveries([(sides[0], sides[1]), (sides[1], sides[0])], q)
    if any(found) and "part" not in here.standing:
        here.standing.add("part")
        yield "part"


def _topics(random: Random, told: int, q: float) -> Iterator[str]:
    """As many comments as answers, of topics of all sizes: a quarter of them lately, the others before."""
    now = told // 4
    if now < weeks.LEAST:
        return
    sizes = [random.paretovariate(1.0) for _ in range(TOPICS)]
    of, against = (Counter(random.choices(range(TOPICS), sizes, k=size)) for size in (now, told - now))
    keys = [key for key in range(TOPICS) if of[key] + against[key] >= 5]
    found = false_discoveries.q_values(
        [exact.two_sided(of[key], now, against[key], told - now) for key in keys]
    )
    yield from ("topic" for key, each in zip(keys, found, strict=True) if each <= q and not against[key])


def _keep_week(random: Random, here: Touchpoint, hits: list[bool], day: int) -> None:
    values = [-1 if hit else random.choice((0, 1, 1)) for hit in hits]
    if day % 7 == 0:
        here.weeks.append(Moments())
    here.weeks[-1] = here.weeks[-1].and_all(Moments.of(Counter(values)))


def _weeks(here: Touchpoint, before: Touchpoint | None, this: int) -> Iterator[str]:
    drift = weeks.drift(here.weeks[: max(0, this - 8)], here.weeks[max(0, this - 8) : this], -1)
    looks = {"drift": drift}
    if before is not None:
        cut = max(0, this - 4)
        sides = (here.weeks[cut:this], before.weeks[cut:this], here.weeks[:cut], before.weeks[:cut])
        looks["handover"] = weeks.handover([weeks.together(side) for side in sides])
    for kind, look in looks.items():
        if weeks.is_told(look, SHARES[kind]) and kind not in here.standing:
            here.standing.add(kind)
            yield kind


def of_companies(companies: int, first: int) -> dict[str, tuple[int, float]]:
    """Kind -> how many signals so many companies were told of, and how many were agreed upon.

    Each company is drawn by its own number, from ``first`` on: parts that were played apart add up.
    """
    found = Counter[str]()
    for number in range(first, first + companies):
        random, before = Random(number), None
        for share in SHARES_OF_UNHAPPY:
            for a_day, silent in zip(ANSWERS_A_DAY, SILENT, strict=True):
                here = Touchpoint(share, a_day, silent)
                found.update(alarms(random, here, before))
                before = here
    touchpoints = companies * len(SHARES_OF_UNHAPPY) * len(ANSWERS_A_DAY)
    return {kind: (found[kind], part * touchpoints * DAYS / YEAR) for kind, part in SHARES.items()}


if __name__ == "__main__":
    played = of_companies(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    for kind, (raised, agreed) in played.items():
        print(f"{kind}: {raised} signalled where nothing changed, {agreed:.0f} agreed upon")
    sys.exit(any(raised > agreed for raised, agreed in played.values()))
