"""Where things stand on the map: phases across, steps below them, one lane after another. Pure.

A cell is a place in a grid whose column 0 holds the names of the lanes; drawing (SVG, HTML) is the dashboard's.
A run is a stretch of neighbouring steps that say the same in a lane (one owner, one channel), drawn as one bar.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from collector.journeys.definitions import Phase
from collector.journeys.map_steps import MapStep

LANES = ("channel", "owners", "systems", "expectation")


@dataclass(frozen=True)
class Span:
    """Neighbouring columns, both ends included, counted from 1."""

    first: int
    last: int

    @property
    def width(self) -> int:
        """How many columns it covers."""
        return self.last - self.first + 1


@dataclass(frozen=True)
class PhaseColumn:
    """A phase above its steps; ``span`` is None for one without steps, which has no columns."""

    phase: Phase
    span: Span | None


@dataclass(frozen=True)
class Run:
    """The same value under neighbouring steps; ``words`` is empty where nothing is said."""

    span: Span
    words: tuple[str, ...]


@dataclass(frozen=True)
class Lane:
    """One row of the map."""

    name: str
    runs: tuple[Run, ...]


@dataclass(frozen=True)
class Layout:
    """The whole map: ``columns`` steps wide, the customer's order from left to right."""

    columns: int
    phases: tuple[PhaseColumn, ...]
    steps: tuple[MapStep, ...]
    lanes: tuple[Lane, ...]


def lay_out(phases: Sequence[Phase], steps: Sequence[MapStep]) -> Layout:
    """Place phases, steps and lanes; ``steps`` in the order and with the numbers of ``journeys.steps``."""
    lanes = (
        Lane("channel", _runs(steps, lambda step: (step.channel,) if step.channel else ())),
        Lane("owners", _runs(steps, lambda step: tuple(owner.name for owner in step.owners))),
        Lane("systems", _runs(steps, lambda step: step.touchpoint.systems if step.touchpoint else ())),
        Lane("expectation", _runs(steps, _expected)),
    )
    return Layout(len(steps), tuple(_columns(phases, steps)), tuple(steps), lanes)


def _columns(phases: Sequence[Phase], steps: Sequence[MapStep]) -> Iterator[PhaseColumn]:
    for phase in phases:
        numbers = [step.number for step in steps if step.phase.key == phase.key]
        yield PhaseColumn(phase, Span(numbers[0], numbers[-1]) if numbers else None)


def _runs(steps: Sequence[MapStep], words: Callable[[MapStep], tuple[str, ...]]) -> tuple[Run, ...]:
    def same(step: MapStep) -> Hashable:
        return words(step)

    runs = []
    for _, group in groupby(steps, same):
        members = list(group)
        runs.append(Run(Span(members[0].number, members[-1].number), words(members[0])))
    return tuple(runs)


def _expected(step: MapStep) -> tuple[str, ...]:
    said = step.expectation()
    value = () if said.value is None else (f"{said.value:+d}",)
    return (*value, *((said.text,) if said.text else ()))
