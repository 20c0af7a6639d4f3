"""Runs in words, in the reader's language: what was assumed, what the answers say of it, what is still missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from collector.communities.runs import Hypothesis, StoredRun
from collector.instruments import COMPOSITES
from collector.kpis import METRICS
from collector.locale import Speaker
from collector.results.judging import Outcome
from collector.results.measures import Measure
from collector.results.planning import Planned
from collector.results.tallies import Tally
from collector.results.verdict import Verdict


@dataclass(frozen=True)
class Words:
    """Says runs; ``names`` are those of touchpoints, ``asked`` what was asked for each of the survey's ``measures``, by key."""

    speaker: Speaker
    names: Mapping[str, str]
    measures: Mapping[str, Measure] = field(default_factory=dict)
    asked: Mapping[str, str] = field(default_factory=dict)

    def _(self, message: str, **values: object) -> str:
        said = self.speaker.gettext(message)
        return said % values if values else said

    def state(self, state: str) -> str:
        """What a state is called."""
        names = {
            "draft": self._("Draft"),
            "running": self._("Running"),
            "concluded": self._("Concluded"),
        }
        return names.get(state, state)

    def word(self, word: str) -> str:
        """A verdict in a word or two."""
        words = {
            "supported": self._("supported"),
            "refuted": self._("refuted"),
            "open": self._("still open"),
            "collecting": self._("still collecting"),
            "hidden": self._("too few answers to show"),
            "alarm": self._("cannot be trusted"),
            "none": self._("no verdict, to be read"),
        }
        return words.get(word, word)

    def design(self, design: str, n: int | None) -> str:
        """How the run is decided."""
        if self.asked and not self.measures:
            return self._(
                "An open question: what is said is read and grouped. Nothing is decided by numbers."
            )
        if design == "always_valid":
            return self._("May be looked at at any time: the intervals hold however often somebody does.")
        return self._(
            "Decided once, by the first %(n)s answers of each side; until then nobody sees a result.",
            n=self.speaker.number(n),
        )

    def hypothesis(self, run: StoredRun, hypothesis: Hypothesis) -> str:
        """What was assumed, in a sentence."""
        value, measure = self.gap(hypothesis, abs(hypothesis.value)), self.measure(hypothesis.measure)
        names = self.variants(run)
        if hypothesis.kind == "difference":
            said = {
                "above": self._(
                    "%(measure)s: %(variant)s does better than %(against)s; worth finding is %(value)s."
                ),
                "below": self._(
                    "%(measure)s: %(variant)s lies below %(against)s; worth finding is %(value)s."
                ),
            }[hypothesis.direction]
            variant, against = (names.get(key or "", "") for key in (hypothesis.variant, hypothesis.against))
            return said % {"measure": measure, "variant": variant, "against": against, "value": value}
        value = self.figure(hypothesis, hypothesis.value)
        said = {
            "above": self._("%(measure)s lies above %(value)s."),
            "below": self._("%(measure)s lies below %(value)s."),
        }[hypothesis.direction]
        sentence = said % {"measure": measure, "value": value}
        return f"{names[hypothesis.variant]}: {sentence}" if hypothesis.variant in names else sentence

    def sentences(self, run: StoredRun, verdict: Verdict) -> list[str]:
        """The whole verdict, a sentence for each hypothesis."""
        if verdict.ratio.alarms:
            return [self.alarm()]
        return [
            f"{self.hypothesis(run, each.hypothesis)} {self.outcome(each, run.design)}"
            for each in verdict.outcomes
        ]

    def alarm(self) -> str:
        """Why no result is shown."""
        return self._(
            "The variants did not get the customers they were meant to. Something decides with who sees what, so no result is shown: find it, and run anew."
        )

    def outcome(self, outcome: Outcome, design: str) -> str:
        """What the answers say of a hypothesis, by the run's design."""
        if outcome.word == "collecting":
            return self._(
                "Still collecting: %(n)s more answers.", n=self.speaker.number(outcome.missing or 0)
            )
        if outcome.word == "hidden":
            return self._("Fewer than five have answered; nothing is shown of them.")
        return f"{self._verdict(outcome, design)} {self.figures(outcome)}"

    def _verdict(self, outcome: Outcome, design: str) -> str:
        if outcome.word == "supported":
            return self._supported(outcome)
        if outcome.word == "refuted" and outcome.hypothesis.kind == "difference":
            return self._refuted(outcome)
        if outcome.word == "refuted":
            return self._("Refuted.")
        if outcome.is_alone:
            return self._("Still open: by itself it would be supported, but not beside the other hypotheses.")
        if design == "fixed":
            return self._("Still open: the answers agreed upon do not decide it; that takes a new run.")
        if outcome.missing is None:
            return self._(
                "Still open: the answers lie too close to it for any number of them to decide soon."
            )
        return self._(
            "Still open: about %(n)s more answers would decide, if they are like those so far.",
            n=self.speaker.number(outcome.missing),
        )

    def _refuted(self, outcome: Outcome) -> str:
        """Of a difference: whether a small one on the side that was assumed is ruled out too."""
        is_above = outcome.hypothesis.direction == "above"
        best = outcome.high if is_above else None if outcome.low is None else -outcome.low
        if best is not None and best <= 0:
            return self._(
                "Refuted: no difference is left on the side that was assumed, not even a small one."
            )
        return self._("Refuted: a difference that is worth finding is ruled out; a smaller one is not.")

    def _supported(self, outcome: Outcome) -> str:
        """Of a difference: whether it is also as large as what is worth finding."""
        low, high, worth = outcome.low, outcome.high, abs(outcome.hypothesis.value)
        if outcome.hypothesis.kind != "difference" or low is None or high is None:
            return self._("Supported.")
        if outcome.hypothesis.direction == "below":
            low, high = -high, -low
        if high < worth:
            return self._(
                "Supported, but smaller than what is worth finding: so large a difference is ruled out."
            )
        if low < worth:
            return self._("Supported; whether it is as large as what is worth finding is not decided.")
        return self._("Supported, and at least as large as what is worth finding.")

    def figures(self, outcome: Outcome) -> str:
        """The estimate with its interval."""
        hypothesis = outcome.hypothesis
        low, high = (self.number(hypothesis, value) for value in (outcome.low, outcome.high))
        if outcome.low is None:
            return self._("No interval yet: it takes 30 answers on each side.")
        if hypothesis.kind == "difference":
            return self._(
                "The difference is %(estimate)s (95 %% interval %(low)s to %(high)s, n %(n)s).",
                estimate=self.gap(hypothesis, outcome.estimate or 0.0), low=low, high=high, n=self.n(outcome),
            )  # fmt: skip
        return self._(
            "It is %(estimate)s (95 %% interval %(low)s to %(high)s, n %(n)s).",
            estimate=self.figure(hypothesis, outcome.estimate), low=low, high=high, n=self.n(outcome),
        )  # fmt: skip

    def n(self, outcome: Outcome) -> str:
        """The answers that it rests on, of both sides where there are two: ``60 and 62``."""
        of = [self.speaker.number(each) for each in outcome.n]
        return self._("%(first)s and %(last)s", first=of[0], last=of[1]) if len(of) > 1 else of[0]

    def where(self, run: StoredRun) -> str:
        """Where the run's own page is."""
        return self._("The run with its numbers: %(path)s", path=f"/runs/{run.key}")

    def variants(self, run: StoredRun) -> dict[str, str]:
        """variant -> its name."""
        return {each["key"]: each.get("name") or each["key"] for each in run.variants}

    def measure(self, key: str) -> str:
        """What a measure is called."""
        if key in METRICS:
            return self._(METRICS[key].name)
        composites = {
            "sus": self._("System Usability Scale"),
            "umux_lite": "UMUX-Lite",
            "seq": self._("Single Ease Question"),
        }
        if key in composites:
            return composites[key]
        if key.startswith("kano."):
            return self._("Share of %(option)s", option=self.category(key.removeprefix("kano.")))
        asked, of = self.asked.get(key, key), self.measures.get(key)
        return self._("Share of %(option)s", option=asked) if of and of.kind == "share" else asked

    def unit(self, key: str) -> str:
        """What a measure's figures are counted in."""
        if key in METRICS:
            return self._(METRICS[key].unit)
        of = self.measures.get(key)
        if of is None:
            return ""
        return {"share": "%", "net": self._("points")}.get(of.kind) or (
            self._("points") if key in COMPOSITES and key != "seq" else self._("scale points")
        )

    def sorted_as(self, tally: Tally) -> str:
        """What a Kano pair came to, in sentences."""
        if tally.leading:
            said = [
                self._(
                    "Most find it %(category)s, by more than chance (Fong, 90 %%).",
                    category=self.category(tally.leading),
                )
            ]
        else:
            said = [self._("No category stands apart from the next by more than chance (Fong, 90 %%).")]
        if tally.better_worse:
            better, worse = (self.speaker.number(each, 2, sign=True) for each in tally.better_worse)
            said.append(
                self._(
                    "With it satisfaction rises by %(better)s, without it falls by %(worse)s, of 1.",
                    better=better,
                    worse=worse,
                )
            )
        return " ".join(said)

    def category(self, key: str) -> str:
        """What a feature is to somebody, by Kano."""
        names = {
            "attractive": self._("attractive"),
            "one_dimensional": self._("one-dimensional"),
            "must_be": self._("must-be"),
            "indifferent": self._("indifferent"),
            "reverse": self._("reverse"),
            "questionable": self._("questionable"),
        }
        return names.get(key, key)

    def figure(self, hypothesis: Hypothesis, value: float | None) -> str:
        """A number in its unit."""
        return f"{self.number(hypothesis, value)} {self.unit(hypothesis.measure)}".strip()

    def gap(self, hypothesis: Hypothesis, value: float) -> str:
        """A difference in its unit: of shares, percentage points."""
        if self.unit(hypothesis.measure) == "%":
            return self._("%(size)s percentage points", size=self.number(hypothesis, value))
        return self.figure(hypothesis, value)

    def planned(self, run: StoredRun, planned: Planned) -> str:
        """How many answers the plan asks for, and whether that is what was agreed upon."""
        n, agreed = self.speaker.number(planned.n), run.n or planned.n
        if agreed == planned.n:
            return self._(
                "Planned: %(n)s answers of each side, by %(formula)s.", n=n, formula=planned.formula
            )
        said = (
            self._("Agreed upon are fewer answers than planned: with 80 %% power it takes %(n)s of each side, by %(formula)s, so that a difference of the size in question will be missed more often.")
            if agreed < planned.n
            else self._("Agreed upon are more answers than it takes: with 80 %% power %(n)s of each side would do, by %(formula)s.")
        )  # fmt: skip
        return said % {"n": n, "formula": planned.formula}

    def number(self, hypothesis: Hypothesis, value: float | None) -> str:
        of = self.measures.get(hypothesis.measure)
        if hypothesis.measure in METRICS:
            is_fine = METRICS[hypothesis.measure].kind == "mean"
        else:
            is_fine = of is None or (of.kind == "mean" and of.unit == 1)
        return self.speaker.number(value, 2 if is_fine else 1)
