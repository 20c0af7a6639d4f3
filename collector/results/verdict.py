"""A run's verdict: first whether the variants got the customers they were meant to, then each hypothesis, then all of them.

While the sample ratio alarms no result is shown at all: whatever went wrong with who sees what makes the groups differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy.orm import Session

from collector.communities.runs import Hypothesis, StoredRun
from collector.results import judging, measures, reading
from collector.results.judging import Outcome
from collector.statistics import SRM_ALARM, hypotheses, sample_ratio_mismatch

SMALL = 5.0


@dataclass(frozen=True)
class Ratio:
    """Whether customers were shared out as meant; p is None where there are too few to say."""

    assigned: Mapping[str, int]
    p: float | None = None

    @property
    def alarms(self) -> bool:
        return self.p is not None and self.p < SRM_ALARM


@dataclass(frozen=True)
class Verdict:
    """What a run came to, or has come to so far."""

    design: str
    n: int | None
    ratio: Ratio
    outcomes: tuple[Outcome, ...]
    is_final: bool = False

    @property
    def word(self) -> str:
        """The verdict on the first hypothesis, for which the run was planned; ``alarm`` where nothing may be said,
        ``none`` where nothing was assumed."""
        if self.ratio.alarms:
            return "alarm"
        return self.outcomes[0].word if self.outcomes else "none"

    @property
    def may_be_seen(self) -> bool:
        """Whether anything may be shown of the answers: no ratio alarms, none are four, no fixed number is still collected.

        A run that was concluded before its number was there decided nothing, and collects no more.
        """
        hides = {"hidden"} if self.is_final else {"collecting", "hidden"}
        return not self.ratio.alarms and not any(each.word in hides for each in self.outcomes)

    def as_json(self) -> dict[str, Any]:
        ratio = {"assigned": dict(self.ratio.assigned), "p": self.ratio.p, "alarm": self.ratio.alarms}
        outcomes = [{**asdict(each), "hypothesis": each.hypothesis.as_json()} for each in self.outcomes]
        return {
            "word": self.word,
            "design": self.design,
            "n": self.n,
            "sample_ratio": ratio,
            "outcomes": outcomes,
        }


def of(session: Session, run: StoredRun) -> Verdict:
    """The verdict on a run: of a concluded one as it was then, else by the answers there are now."""
    return _kept(run.verdict) if run.verdict is not None else read(session, run)


def read(session: Session, run: StoredRun) -> Verdict:
    """The verdict on a run by the answers there are now."""
    ratio = _ratio(run, reading.progress(session, run))
    if ratio.alarms:
        return Verdict(run.design, run.n, ratio, ())
    known = measures.of_survey(reading.measured(session, run.workspace_id, run.survey))
    stored = [Hypothesis.of(each) for each in run.hypotheses]
    outcomes = [_outcome(session, run, each, known[each.measure]) for each in stored if each.measure in known]
    return Verdict(run.design, run.n, ratio, tuple(judging.together(outcomes)))


def _kept(said: Mapping[str, Any]) -> Verdict:
    ratio = Ratio(said["sample_ratio"]["assigned"], said["sample_ratio"]["p"])
    outcomes = (
        {
            **each,
            "n": tuple(each["n"]),
            "sides": tuple(each["sides"]),
            "hypothesis": Hypothesis.of(each["hypothesis"]),
        }
        for each in said["outcomes"]
    )
    told = tuple(Outcome(**each) for each in outcomes)
    return Verdict(said["design"], said["n"], ratio, told, is_final=True)


def _outcome(session: Session, run: StoredRun, hypothesis: Hypothesis, measure: measures.Measure) -> Outcome:
    sides = [hypothesis.variant or reading.NONE]
    if hypothesis.kind == "difference":
        sides.append(hypothesis.against or reading.NONE)
    first = run.n if run.design == "fixed" else None
    groups = reading.groups(session, run, measure, sides, first)
    return judging.judge(hypothesis, measure, groups, run.design, run.n)


def _ratio(run: StoredRun, progress: reading.Progress) -> Ratio:
    if len(run.variants) < 2 or not sum(progress.assigned.values()):
        return Ratio(progress.assigned)
    shares = [float(variant["share"]) for variant in run.variants]
    counts = [progress.assigned[variant["key"]] for variant in run.variants]
    return Ratio(progress.assigned, ratio_p(counts, shares))


def ratio_p(counts: list[int], shares: list[float]) -> float | None:
    """How probable so uneven an assignment is: chi-square, exact for two small groups, None for more of them."""
    test = sample_ratio_mismatch(counts, shares)
    if test.smallest_expected >= SMALL:
        return test.p
    if len(counts) == 2:
        return hypotheses.exact_p(counts[0], sum(counts), shares[0] / sum(shares))
    return None
