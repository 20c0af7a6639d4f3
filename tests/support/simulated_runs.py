"""Community runs whose truth is known, judged as their page judges them: how often verdicts err, and what they find.

``python -m simulated_runs 2000`` prints the long form; the suite runs fewer.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import sqrt
from random import Random

from collector.communities.runs import Hypothesis
from collector.results.judging import CAUTION, judge
from collector.results.measures import Measure, of_metric
from collector.results.planning import plan
from collector.statistics import Group, hypotheses

ANSWERS, LOOK = 1_000, 10


def group_of(measure: Measure, scores: Iterable[int]) -> Group:
    """Answers to a survey's own question as one side."""
    counted = (measure.count({"score": score}, {}) for score in scores)
    return measure.group(each for each in counted if each is not None)


@dataclass(frozen=True)
class Question:
    """What a run asks: its scores with their shares where nothing differs, and where it does by ``gap``."""

    metric: str
    scores: tuple[int, ...]
    usual: tuple[float, ...]
    better: tuple[float, ...]
    gap: float

    @property
    def measure(self) -> Measure:
        return of_metric(self.metric)

    def groups(self, random: Random, sizes: tuple[int, ...], is_better: bool = False) -> list[Group]:
        """So many answers of each side, the first of which is better where it is."""
        return [
            group_of(self.measure, random.choices(self.scores, self.better if is_better and not at else self.usual, k=size))
            for at, size in enumerate(sizes)
        ]  # fmt: skip

    def truth(self) -> float:
        """The usual figure in the units of the counts."""
        whole = group_of(
            self.measure,
            [
                score
                for score, share in zip(self.scores, self.usual, strict=True)
                for _ in range(round(1000 * share))
            ],
        )
        return whole.mean


CSAT = Question("csat", (2, 5), (0.50, 0.50), (0.40, 0.60), 10)
NPS = Question("nps", (3, 8, 10), (0.25, 0.35, 0.40), (0.20, 0.35, 0.45), 10)
CES = Question("ces", (3, 4, 5, 6, 7), (0.2, 0.2, 0.2, 0.2, 0.2), (0.1, 0.175, 0.225, 0.25, 0.25), 0.375)
QUESTIONS = (CSAT, NPS, CES)


def errs(random: Random, question: Question, kind: str) -> bool:
    """Whether a run without a true difference (or off no threshold) is ever decided, at a look after every ten answers."""
    measure, counts = question.measure, [Counter[int](), Counter[int]()]
    sides = 2 if kind == "difference" else 1
    truth = question.truth() if kind == "threshold" else 0.0
    for _ in range(ANSWERS // LOOK):
        for side in range(sides):
            counts[side].update(random.choices(question.scores, question.usual, k=LOOK // sides))
        groups = [group_of(measure, count.elements()) for count in counts[:sides]]
        if kind == "difference":
            found = hypotheses.always_difference(groups[0], groups[1], question.gap / measure.unit)
        else:
            found = hypotheses.always_threshold(groups[0], truth, CAUTION * measure.span)
        if found.bounds is not None and not found.bounds.low <= truth <= found.bounds.high:
            return True
    return False


def planned(question: Question) -> int:
    """The answers of each side that a run is planned with."""
    expected = 50.0 if question.metric == "csat" else None
    return plan(_better(question), question.measure, expected).n


def is_found(random: Random, question: Question, n: int) -> bool:
    """Whether a fixed number of answers finds the difference that is there."""
    groups = question.groups(random, (n, n), is_better=True)
    return judge(_better(question), question.measure, groups, "fixed", n).word == "supported"


def _better(question: Question) -> Hypothesis:
    return Hypothesis(question.metric, "difference", "above", question.gap, "new", "old")


def share(hits: int, runs: int) -> str:
    """A share in percent with three standard errors."""
    part = hits / runs
    return f"{100 * part:.2f} % (± {300 * sqrt(part * (1 - part) / runs):.2f})"


def lines(runs: int) -> Iterator[str]:
    """The long form, a line at a time."""
    yield f"{runs:,} runs each; always valid: {ANSWERS:,} answers, a look after every {LOOK}"
    for question in QUESTIONS:
        for kind in ("difference", "threshold"):
            random = Random(f"{question.metric} {kind}")
            wrong = sum(errs(random, question, kind) for _ in range(runs))
            yield f"  {question.metric:4} {kind:10} decided though nothing differs: {share(wrong, runs)}"
    for question in QUESTIONS:
        random, n = Random(question.metric), planned(question)
        found = sum(is_found(random, question, n) for _ in range(runs))
        yield f"  {question.metric:4} fixed, {n} of each side, planned for 80 %: found in {share(found, runs)}"


if __name__ == "__main__":
    for line in lines(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000):
        print(line, flush=True)
