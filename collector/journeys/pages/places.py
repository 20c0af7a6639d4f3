"""Where a step or a phase may go from where it stands: the targets of the page's buttons. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from collector.journeys.definitions import Journey, Phase, Step


@dataclass(frozen=True)
class Place:
    """A position in a phase, counted from 0 among the steps that stand there without the moved one."""

    phase: str
    position: int


@dataclass(frozen=True)
class StepLine:
    """A step on the editing page, its number in the journey, and where its buttons lead."""

    step: Step
    number: int
    up: Place | None
    down: Place | None


@dataclass(frozen=True)
class PhaseLine:
    """A phase with its steps; ``up`` and ``down`` are positions among the phases."""

    phase: Phase
    steps: tuple[StepLine, ...]
    up: int | None
    down: int | None


def phases(journey: Journey) -> list[PhaseLine]:
    """The journey in the customer's order; a step at the end of its phase goes on into the next one."""
    found, number = [], 0
    last = len(journey.phases) - 1
    for index, phase in enumerate(journey.phases):
        lines = []
        for at, step in enumerate(phase.steps):
            number += 1
            lines.append(StepLine(step, number, _up(journey, index, at), _down(journey, index, at)))
        up, down = index - 1 if index else None, index + 1 if index < last else None
        found.append(PhaseLine(phase, tuple(lines), up, down))
    return found


def choices(journey: Journey, key: str) -> list[tuple[Phase, Step | None, Place]]:
    """Every place a step may go to: (phase, the step that it would follow there, place)."""
    found: list[tuple[Phase, Step | None, Place]] = []
    for phase in journey.phases:
        others = [step for step in phase.steps if step.key != key]
        for position, before in enumerate([None, *others]):
            found.append((phase, before, Place(phase.key, position)))
    return found


def place_of(journey: Journey, key: str) -> Place | None:
    """Where a step stands."""
    for phase in journey.phases:
        for position, step in enumerate(phase.steps):
            if step.key == key:
                return Place(phase.key, position)
    return None


def _up(journey: Journey, index: int, at: int) -> Place | None:
    if at:
        return Place(journey.phases[index].key, at - 1)
    if not index:
        return None
    before = journey.phases[index - 1]
    return Place(before.key, len(before.steps))


def _down(journey: Journey, index: int, at: int) -> Place | None:
    phase = journey.phases[index]
    if at + 1 < len(phase.steps):
        return Place(phase.key, at + 1)
    return Place(journey.phases[index + 1].key, 0) if index + 1 < len(journey.phases) else None
