"""The steps of a journey in the customer's order, each joined with its touchpoint and owners. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from collector.journeys.definitions import Expectation, Journey, Phase, Stakeholder, Step, Touchpoint


@dataclass(frozen=True, slots=True)
class MapStep:
    """One column of the map: a step, its place, and the touchpoint (with owners) at which it happens.

    ``number`` counts from 1 through all phases; ``since`` is the journey version in which the touchpoint first
    stood. Steps that happen away from the company (a search, a doubt) have no touchpoint and no owner.
    """

    number: int
    phase: Phase
    step: Step
    touchpoint: Touchpoint | None
    owners: tuple[Stakeholder, ...]
    since: int

    @property
    def key(self) -> str:
        return self.step.key

    @property
    def label(self) -> str:
        """The customer's words for the step."""
        return self.step.label

    @property
    def channel(self) -> str | None:
        return self.touchpoint.channel if self.touchpoint else None

    @property
    def stage(self) -> str | None:
        return self.touchpoint.stage if self.touchpoint else None

    @property
    def measurable(self) -> bool:
        """Whether a customer can be asked here at all; shown as "not measurable" where not."""
        return self.touchpoint is not None and self.touchpoint.measurable

    def expectation(self, persona: str | None = None) -> Expectation:
        """What the team expects a customer (of a persona) to feel here; the persona's own word goes first."""
        general = Expectation(self.step.expectation, self.step.expectation_text)
        own = self.step.expectations.get(persona) if persona else None
        if own is None:
            return general
        return Expectation(general.value if own.value is None else own.value, own.text or general.text)


def join(
    journey: Journey,
    touchpoints: Mapping[str, Touchpoint],
    stakeholders: Mapping[str, Stakeholder],
    since: Mapping[str, int],
) -> tuple[MapStep, ...]:
    """The steps of a journey with what stands behind their keys."""
    joined: list[MapStep] = []
    for phase in journey.phases:
        for step in phase.steps:
            touchpoint = touchpoints.get(step.touchpoint or "")
            keys = touchpoint.owners if touchpoint else ()
            owners = tuple(stakeholders[key] for key in keys if key in stakeholders)
            first = since.get(step.touchpoint or "", 1)
            joined.append(MapStep(len(joined) + 1, phase, step, touchpoint, owners, first))
    return tuple(joined)
