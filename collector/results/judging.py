"""The verdict on one hypothesis: supported, refuted, or still open and about how many more answers it takes. Pure.

A figure held against a threshold is supported when its interval lies on the side that was expected, refuted on the
other. A difference is supported when its interval leaves out 0 on the expected side; refuted when the interval leaves
out all differences worth finding, so that "refuted" never means "too few answers".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from collector.communities.runs import Hypothesis
from collector.results.measures import Measure
from collector.statistics import Group, Interval, K, benjamini_hochberg, hypotheses

Word = Literal["supported", "refuted", "open", "collecting", "hidden"]
ALPHA = 0.05
CAUTION = 0.1
"""The spread of the prior of a threshold's always-valid interval: this part of the scale."""
FARTHEST = 40


@dataclass(frozen=True)
class Outcome:
    """What the answers say of a hypothesis. Figures are in its measure's unit, and None where they must not be shown.

    ``missing``: about how many more answers decide (until a fixed n is reached: exactly how many). ``n``: answers of each
    side that were used.
    """

    hypothesis: Hypothesis
    word: Word
    n: tuple[int, ...]
    missing: int | None = None
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    q: float | None = None
    sides: tuple[float, ...] = ()
    is_alone: bool = False
    """Supported by itself, but not among all hypotheses of the run."""


def judge(
    hypothesis: Hypothesis, measure: Measure, groups: Sequence[Group], design: str, n: int | None
) -> Outcome:
    """Judge by one group (a threshold) or two (a difference, the second being what the first is held against)."""
    have = tuple(group.n for group in groups)
    if design == "fixed" and n and min(have) < n:
        return Outcome(hypothesis, "collecting", have, missing=sum(max(0, n - each) for each in have))
    if min(have) < K:
        return Outcome(hypothesis, "hidden", have)
    found = _evidence(hypothesis, measure, groups, design)
    word = _word(hypothesis, measure, found.bounds)
    missing = _missing(hypothesis, measure, groups, design) if word == "open" else None
    unit, bounds = measure.unit, found.bounds
    return Outcome(
        hypothesis,
        word,
        have,
        missing,
        found.estimate * unit,
        bounds.low * unit if bounds else None,
        bounds.high * unit if bounds else None,
        found.p,
        found.p,
        tuple(group.mean * unit for group in groups),
    )


def together(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Several hypotheses at once: what is supported must hold among them all (Benjamini & Hochberg 1995, 5 %)."""
    known = [outcome for outcome in outcomes if outcome.p is not None]
    adjusted = dict(zip(map(id, known), benjamini_hochberg([each.p or 0.0 for each in known]), strict=True))
    return [_with_q(outcome, adjusted.get(id(outcome)), len(known)) for outcome in outcomes]


def _with_q(outcome: Outcome, q: float | None, of: int) -> Outcome:
    doubtful = of > 1 and outcome.word == "supported" and q is not None and q > ALPHA
    return replace(outcome, q=q, word="open" if doubtful else outcome.word, is_alone=doubtful)


def _evidence(
    hypothesis: Hypothesis, measure: Measure, groups: Sequence[Group], design: str
) -> hypotheses.Evidence:
    value = hypothesis.value / measure.unit
    if hypothesis.kind == "difference":
        of, against = groups
        if design == "fixed":
            return hypotheses.fixed_difference(of, against)
        return hypotheses.always_difference(of, against, abs(value))
    if design == "fixed":
        return hypotheses.fixed_threshold(groups[0], value)
    return hypotheses.always_threshold(groups[0], value, CAUTION * measure.span)


def _word(hypothesis: Hypothesis, measure: Measure, bounds: Interval | None) -> Word:
    if bounds is None:
        return "open"
    value = hypothesis.value / measure.unit
    turned = bounds if hypothesis.direction == "above" else Interval(-bounds.high, -bounds.low)
    if hypothesis.kind == "difference":
        asked, worth = 0.0, abs(value)
    else:
        asked = worth = value if hypothesis.direction == "above" else -value
    if turned.low > asked:
        return "supported"
    return "refuted" if turned.high < worth else "open"


def _missing(hypothesis: Hypothesis, measure: Measure, groups: Sequence[Group], design: str) -> int | None:
    """How many more answers like these would decide; None where even many times as many would not."""
    factor = 1.1
    while factor < FARTHEST:
        more = [hypotheses.grown(group, factor) for group in groups]
        if _word(hypothesis, measure, _evidence(hypothesis, measure, more, design).bounds) != "open":
            return _rounded(sum(group.n for group in more) - sum(group.n for group in groups))
        factor *= 1.1
    return None


def _rounded(n: int) -> int:
    """About so many: to two digits, upwards."""
    step: int = 10 ** max(0, len(str(n)) - 2)
    return -(-n // step) * step
