"""Journeys whose truth is known, judged as a page judges them: how often it errs, what it finds, what its intervals hold.

``python -m simulated_journeys 2000`` prints the long form; the suite runs fewer.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from collector.statistics.cells import merged
from collector.statistics.families import WEIGHTS, Finding, Group, Kind, Pair, judge

CHANNELS = 3
Shares = tuple[float, ...]
Key = tuple[str, int]


@dataclass(frozen=True)
class Question:
    """What is asked: its bands in falling order of displeasure, and how 20 points of NPS or 10 of CSAT are lost."""

    name: str
    scores: tuple[int, ...]
    usual: Shares
    worse: Shares

    def shares(self, is_worse: bool) -> Shares:
        return self.worse if is_worse else self.usual

    def figure(self, is_worse: bool) -> float:
        shares = self.shares(is_worse)
        return 100 * sum(score * share for score, share in zip(self.scores, shares, strict=True))


NPS = Question("nps", (-1, 0, 1), (0.15, 0.35, 0.50), (0.25, 0.35, 0.40))
CSAT = Question("csat", (0, 1), (0.20, 0.80), (0.30, 0.70))
MORE = {30: 30}
"""Times as many journeys where so little is stated that 2,000 would not tell what share of it holds."""
SIZES = [(touchpoints, n) for touchpoints in (5, 10) for n in (30, 100, 400)]


def page(
    rng: random.Random, question: Question, n: int, worse: Sequence[bool]
) -> dict[Kind, list[Pair[Key]]]:
    """All families that a journey's page compares: n answers per touchpoint now and before, three channels, two personas."""
    families: dict[Kind, list[Pair[Key]]] = {kind: [] for kind in WEIGHTS}
    wholes = []
    for place, is_worse in enumerate(worse):
        shares = question.shares(is_worse)
        parts = [_drawn(rng, question, shares, n // CHANNELS + (i < n % CHANNELS)) for i in range(CHANNELS)]
        wholes.append(merged(parts))
        for channel, part in enumerate(parts):
            others = merged(parts[:channel] + parts[channel + 1 :])
            families["channel"].append(_pair(question, f"channel {channel}", place, part, others))
        half, rest = _halves(rng, wholes[-1])
        families["segment"].append(_pair(question, "persona", place, half, rest))
        before = _drawn(rng, question, question.usual, n)
        families["period"].append(_pair(question, "period", place, wholes[-1], before))
    for place, (here, there) in enumerate(pairwise(wholes), start=1):
        families["handover"].append(_pair(question, "handover", place, there, here))
    for place, whole in enumerate(wholes):
        rest = merged(wholes[:place] + wholes[place + 1 :])
        families["touchpoint"].append(_pair(question, "touchpoint", place, whole, rest))
    return families


def _drawn(rng: random.Random, question: Question, shares: Shares, n: int) -> dict[int, int]:
    return dict(Counter(rng.choices(question.scores, shares, k=n)))


def _halves(rng: random.Random, cells: dict[int, int]) -> tuple[dict[int, int], dict[int, int]]:
    answers = [score for score, n in cells.items() for _ in range(n)]
    rng.shuffle(answers)
    middle = len(answers) // 2
    return dict(Counter(answers[:middle])), dict(Counter(answers[middle:]))


def _pair(
    question: Question, name: str, place: int, of: dict[int, int], against: dict[int, int]
) -> Pair[Key]:
    ends = question.scores[0], question.scores[-1], 100
    return Pair((name, place), Group.of(of, *ends), Group.of(against, *ends))


def error_rate(question: Question, touchpoints: int, n: int, journeys: int, seed: int = 1) -> float:
    """The share of journeys without any difference of which something is stated all the same."""
    rng, same = random.Random(seed), [False] * touchpoints
    return sum(bool(judge(page(rng, question, n, same)).findings) for _ in range(journeys)) / journeys


@dataclass
class Found:
    """What came out of many journeys with known falls."""

    journeys: int = 0
    found: int = 0
    stated: int = 0
    held: int = 0

    @property
    def power(self) -> float:
        return self.found / self.journeys

    @property
    def cover(self) -> float:
        return self.held / self.stated


def planted(question: Question, touchpoints: int, n: int, journeys: int, seed: int = 2) -> Found:
    """One touchpoint in the middle is worse: is it named, and does the worst of each kind hold its truth?"""
    worse = [place == touchpoints // 2 for place in range(touchpoints)]
    return outcomes(question, worse, n, journeys, seed)


def outcomes(question: Question, worse: Sequence[bool], n: int, journeys: int, seed: int = 3) -> Found:
    """Judge journeys with these touchpoints worse; the stated worst are the largest falls of each kind."""
    rng, result = random.Random(seed), Found()
    for _ in range(journeys):
        findings = judge(page(rng, question, n, worse)).findings
        result.journeys += 1
        result.found += any(_names(finding, worse) for finding in findings)
        for finding in _worst(findings):
            truth = _truth(question, worse, finding)
            result.stated += 1
            result.held += finding.low - 1e-9 <= truth <= finding.high + 1e-9
    return result


def _names(finding: Finding[Key], worse: Sequence[bool]) -> bool:
    kind, place = finding.kind, finding.key[1]
    if kind == "handover" and finding.estimate > 0:
        return worse[place - 1] and not worse[place]
    return kind in {"handover", "touchpoint", "period"} and finding.estimate < 0 and worse[place]


def _worst(findings: Sequence[Finding[Key]]) -> Iterator[Finding[Key]]:
    for kind in WEIGHTS:
        falls = [each for each in findings if each.kind == kind and each.estimate < 0]
        yield from falls[:1]


def _truth(question: Question, worse: Sequence[bool], finding: Finding[Key]) -> float:
    place = finding.key[1]
    here = question.figure(worse[place])
    if finding.kind == "handover":
        return here - question.figure(worse[place - 1])
    if finding.kind == "period":
        return here - question.figure(False)
    if finding.kind == "touchpoint":
        others = [question.figure(bad) for other, bad in enumerate(worse) if other != place]
        return here - sum(others) / len(others)
    return 0.0


def main(journeys: int) -> None:
    """Print error rates, power and cover for all sizes."""
    print("nothing differs: journeys with any verdict, in %")
    for question in (NPS, CSAT):
        for touchpoints, n in SIZES:
            rate = error_rate(question, touchpoints, n, journeys)
            print(f"  {question.name} {touchpoints} touchpoints n {n}: {rate:.2%}", flush=True)
    print("one touchpoint worse by 20 points of NPS or 10 of CSAT: found; stated worst that hold the truth")
    for question in (NPS, CSAT):
        for touchpoints, n in SIZES:
            seen = planted(question, touchpoints, n, journeys * MORE.get(n, 1))
            print(
                f"  {question.name} {touchpoints} touchpoints n {n}: "
                f"{seen.power:.1%}; {seen.cover:.1%} of {seen.stated}",
                flush=True,
            )
    print("every other touchpoint worse: stated worst that hold the truth")
    for question in (NPS, CSAT):
        for touchpoints, n in SIZES:
            every_other = [place % 2 == 1 for place in range(touchpoints)]
            seen = outcomes(question, every_other, n, journeys * MORE.get(n, 1))
            print(
                f"  {question.name} {touchpoints} touchpoints n {n}: {seen.cover:.1%} of {seen.stated}",
                flush=True,
            )


if __name__ == "__main__":
    main(int(sys.argv[1]))
