"""What the page of a journey is put together from: steps, handovers, coverage of the stages, the owners' lane."""

from __future__ import annotations

from dataclasses import dataclass

from collector.dashboard.readings import Reading
from collector.journeys import MapStep, Stakeholder
from collector.kpis import Between, verdicts


@dataclass(frozen=True)
class StepView:
    """One column of the map: what the step is, and what customers said there (None: nothing measured).

    ``pain``: worse than the rest of the journey. ``beside``: asked another question than the journey is read by, so
    nothing is compared with it. ``moved``: how it changed since the period before, None where that may be chance.
    """

    at: MapStep
    reading: Reading | None
    pain: bool = False
    beside: bool = False
    moved: verdicts.Verdict | None = None

    @property
    def owners(self) -> tuple[Stakeholder, ...]:
        return self.at.owners


@dataclass(frozen=True)
class HandoverView:
    """Two neighbouring measured steps of different owners, and what the leading figure does between them."""

    before: StepView
    after: StepView
    rule: verdicts.Handover
    between: Between | None = None

    @property
    def places(self) -> tuple[str, str]:
        """The touchpoints on both sides."""
        before, after = (
            step.at.touchpoint.key if step.at.touchpoint else "" for step in (self.before, self.after)
        )
        return before, after

    @property
    def falls(self) -> bool:
        """Whether it is a verdict that the score falls here."""
        return self.rule.verdict is not None and self.rule.verdict.falls


@dataclass(frozen=True)
class Coverage:
    """How much of a stage of the sale is measured: ``measured`` of ``touchpoints`` had answers in the period."""

    stage: str
    touchpoints: int
    measured: int


@dataclass(frozen=True)
class OwnerSpan:
    """Neighbouring steps of the same owners: one cell of the owner's lane. ``worst``: the worst handover lies before it."""

    owners: tuple[Stakeholder, ...]
    steps: int
    has_touchpoint: bool
    handover: HandoverView | None


@dataclass(frozen=True)
class Whole:
    """What was said of the journey as a whole (None: nobody was asked), and how many answers there are altogether."""

    score: Reading | None
    n: int
