"""Small edits of a journey, each a pure operation for ``actions.change_journey``.

An operation is made with what it needs (``move_step("visit", "order", 0)``) and turns one journey into the next;
steps and phases keep their keys whatever is done to them. Positions count from 0; what is not there is NotFound.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from collector import errors
from collector.journeys.definitions import Expectation, Journey, Phase, Step, free_key

Operation = Callable[[Journey], Journey]


def set_facts(**said: Any) -> Operation:
    """Change what a journey says of itself: ``name``, ``definition``, ``customer_goal``, ``scenario`` ..."""
    return lambda journey: dataclasses.replace(journey, **said)


def set_step(key: str, **said: Any) -> Operation:
    """Change fields of a step: ``name``, ``customer_name``, ``touchpoint``, ``milestone``, ``notes`` ..."""
    return lambda journey: _with_step(journey, dataclasses.replace(_step(journey, key), **said))


def set_expectation(key: str, value: int | None, text: str = "", persona: str | None = None) -> Operation:
    """Say what a customer (of a persona) is expected to feel at a step, -2 to +2 and in words; None and "" take it back."""

    def operate(journey: Journey) -> Journey:
        step = _step(journey, key)
        if persona is None:
            return _with_step(journey, dataclasses.replace(step, expectation=value, expectation_text=text))
        others = {name: said for name, said in step.expectations.items() if name != persona}
        own = {} if value is None and not text else {persona: Expectation(value, text)}
        return _with_step(journey, dataclasses.replace(step, expectations={**others, **own}))

    return operate


def add_step(phase: str, name: str, position: int | None = None, touchpoint: str | None = None) -> Operation:
    """Put a new step into a phase, at its end without a position; its key comes from its name."""

    def operate(journey: Journey) -> Journey:
        key = free_key(name, {step.key for step in journey.steps}, "step")
        return _insert(journey, phase, Step(key, name, touchpoint=touchpoint), position)

    return operate


def move_step(key: str, phase: str, position: int | None = None) -> Operation:
    """Move a step to a position in a phase (the same or another), to its end without a position."""
    return lambda journey: _insert(_without_step(journey, key), phase, _step(journey, key), position)


def remove_step(key: str) -> Operation:
    """Take a step out; answers given there keep the version in which it stood."""
    return lambda journey: _without_step(journey, _step(journey, key).key)


def add_phase(name: str, position: int | None = None) -> Operation:
    """Put a new, empty phase in, at the end without a position; its key comes from its name."""

    def operate(journey: Journey) -> Journey:
        key = free_key(name, {phase.key for phase in journey.phases}, "phase")
        return dataclasses.replace(journey, phases=_at(journey.phases, Phase(name, key), position))

    return operate


def rename_phase(key: str, name: str) -> Operation:
    """Give a phase another name; its key stays."""
    return lambda journey: _with_phase(journey, dataclasses.replace(_phase(journey, key), name=name))


def move_phase(key: str, position: int | None) -> Operation:
    """Move a phase with its steps."""

    def operate(journey: Journey) -> Journey:
        moved = _phase(journey, key)
        others = tuple(phase for phase in journey.phases if phase.key != key)
        return dataclasses.replace(journey, phases=_at(others, moved, position))

    return operate


def remove_phase(key: str) -> Operation:
    """Take an empty phase out; raises Conflict while it has steps."""

    def operate(journey: Journey) -> Journey:
        if _phase(journey, key).steps:
            raise errors.Conflict(
                f"The phase {key} still has steps; move or remove them first.", "phase_in_use"
            )
        return dataclasses.replace(
            journey, phases=tuple(phase for phase in journey.phases if phase.key != key)
        )

    return operate


def variant(journey: Journey, key: str, name: str, **said: Any) -> Journey:
    """A copy under a key of its own that knows its original (``personas=...``, ``state="to_be"``); same touchpoints."""
    return dataclasses.replace(journey, key=key, name=name, variant_of=journey.key, version=0, **said)


def _step(journey: Journey, key: str) -> Step:
    for step in journey.steps:
        if step.key == key:
            return step
    raise errors.NotFound(f"The journey {journey.key} has no step {key}.", "unknown_step")


def _phase(journey: Journey, key: str) -> Phase:
    for phase in journey.phases:
        if phase.key == key:
            return phase
    raise errors.NotFound(f"The journey {journey.key} has no phase {key}.", "unknown_phase")


def _with_phase(journey: Journey, changed: Phase) -> Journey:
    phases = tuple(changed if phase.key == changed.key else phase for phase in journey.phases)
    return dataclasses.replace(journey, phases=phases)


def _with_step(journey: Journey, changed: Step) -> Journey:
    phases = tuple(
        dataclasses.replace(
            phase, steps=tuple(changed if step.key == changed.key else step for step in phase.steps)
        )
        for phase in journey.phases
    )
    return dataclasses.replace(journey, phases=phases)


def _without_step(journey: Journey, key: str) -> Journey:
    phases = tuple(
        dataclasses.replace(phase, steps=tuple(step for step in phase.steps if step.key != key))
        for phase in journey.phases
    )
    return dataclasses.replace(journey, phases=phases)


def _insert(journey: Journey, key: str, step: Step, position: int | None) -> Journey:
    phase = _phase(journey, key)
    return _with_phase(journey, dataclasses.replace(phase, steps=_at(phase.steps, step, position)))


def _at(items: tuple[Any, ...], item: Any, position: int | None) -> tuple[Any, ...]:
    place = len(items) if position is None else max(0, min(position, len(items)))
    return (*items[:place], item, *items[place:])
