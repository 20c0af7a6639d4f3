"""Whether definitions hold together: no key twice, nothing refers to what is not there, a journey is one.

Pure: ``known`` are the keys that the workspace has already, so that a file may build on them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from collector.journeys.asking import END
from collector.journeys.definitions import Definitions, Journey

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Finding:
    """One thing wrong in a document: where, a code for programs, a sentence for people."""

    path: Path
    code: str
    message: str


@dataclass(frozen=True)
class Known:
    """The keys that a workspace has, archived ones left out."""

    stakeholders: frozenset[str] = field(default_factory=frozenset)
    personas: frozenset[str] = field(default_factory=frozenset)
    touchpoints: frozenset[str] = field(default_factory=frozenset)
    journeys: frozenset[str] = field(default_factory=frozenset)
    variants: Mapping[str, str] = field(default_factory=dict)
    """Journey -> the journey that it is a variant of."""

    def joined(self, document: Definitions) -> Known:
        """These keys and those that a document brings."""
        return Known(
            self.stakeholders | {item.key for item in document.stakeholders},
            self.personas | {item.key for item in document.personas},
            self.touchpoints | {item.key for item in document.touchpoints},
            self.journeys | {item.key for item in document.journeys},
            {**self.variants, **{item.key: item.variant_of or "" for item in document.journeys}},
        )


def find(document: Definitions, known: Known = Known()) -> list[Finding]:
    """Everything that keeps a document from being applied."""
    at_hand = known.joined(document)
    return [*_duplicates(document), *_owners(document, at_hand), *_journeys(document, at_hand)]


def _duplicates(document: Definitions) -> Iterator[Finding]:
    sections = {
        "stakeholders": [item.key for item in document.stakeholders],
        "personas": [item.key for item in document.personas],
        "touchpoints": [item.key for item in document.touchpoints],
        "journeys": [item.key for item in document.journeys],
    }
    for section, keys in sections.items():
        places = [((section, index, "key"), key) for index, key in enumerate(keys)]
        yield from _twice(places)


def _owners(document: Definitions, known: Known) -> Iterator[Finding]:
    for index, stakeholder in enumerate(document.stakeholders):
        for position, service in enumerate(stakeholder.serves):
            path: Path = ("stakeholders", index, "serves", position, "stakeholder")
            yield from _unknown(path, "stakeholder", service.stakeholder, known.stakeholders)
    for index, touchpoint in enumerate(document.touchpoints):
        for position, owner in enumerate(touchpoint.owners):
            path = ("touchpoints", index, "owners", position)
            yield from _unknown(path, "stakeholder", owner, known.stakeholders)


def _journeys(document: Definitions, known: Known) -> Iterator[Finding]:
    for index, journey in enumerate(document.journeys):
        path: Path = ("journeys", index)
        for position, persona in enumerate(journey.personas):
            yield from _unknown((*path, "personas", position), "persona", persona, known.personas)
        if journey.variant_of is not None:
            yield from _unknown((*path, "variant_of"), "journey", journey.variant_of, known.journeys)
        yield from _circle((*path, "variant_of"), journey.key, known.variants)
        yield from _steps(path, journey, known)
        yield from _shares(path, journey)


def _circle(path: Path, key: str, variants: Mapping[str, str]) -> Iterator[Finding]:
    """Whoever follows what a journey is a variant of must come to an end."""
    way, at = [key], variants.get(key, "")
    while at and at not in way:
        way.append(at)
        at = variants.get(at, "")
    if at != key:
        return
    if len(way) == 1:
        yield Finding(path, "own_variant", "a journey cannot be a variant of itself")
    else:
        circle = " -> ".join([*way, key])
        yield Finding(path, "variant_circle", f"these journeys are variants of one another: {circle}")


def _steps(path: Path, journey: Journey, known: Known) -> Iterator[Finding]:
    if len(journey.steps) < 2:
        message = f"a journey needs at least 2 steps; {journey.key} has {len(journey.steps)}"
        yield Finding((*path, "phases"), "too_few_steps", message)
    phases = [((*path, "phases", number, "key"), phase.key) for number, phase in enumerate(journey.phases)]
    yield from _twice(phases)
    places: list[tuple[Path, str]] = []
    for number, phase in enumerate(journey.phases):
        for position, step in enumerate(phase.steps):
            here: Path = (*path, "phases", number, "steps", position)
            places.append(((*here, "key"), step.key))
            if step.touchpoint is not None:
                yield from _unknown((*here, "touchpoint"), "touchpoint", step.touchpoint, known.touchpoints)
            for persona in step.expectations:
                yield from _unknown((*here, "expectations", persona), "persona", persona, known.personas)
    yield from _twice(places)


def _shares(path: Path, journey: Journey) -> Iterator[Finding]:
    places = {step.key for step in journey.steps if step.touchpoint} | {END}
    for key in journey.asking.shares:
        if key not in places:
            message = f"no step at a touchpoint has the key {key}"
            yield Finding((*path, "asking", "shares", key), "unknown_step", message)


def _unknown(path: Path, noun: str, key: str, known: Iterable[str]) -> Iterator[Finding]:
    if key not in known:
        yield Finding(path, f"unknown_{noun}", f"there is no {noun} with the key {key}")


def _twice(places: Sequence[tuple[Path, str]]) -> Iterator[Finding]:
    seen: set[str] = set()
    for path, key in places:
        if key in seen:
            yield Finding(path, "duplicate_key", f"the key {key} stands here a second time")
        seen.add(key)
