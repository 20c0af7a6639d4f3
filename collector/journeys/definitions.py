"""What a journey is made of: plain, frozen values, the same in files, over the wire and in the tables.

Two definitions are equal when they say the same; ``revision``, ``version`` and the times beside them are the
store's own and take no part in that. ``compact`` turns one into JSON without the fields at their defaults,
``journey(...)`` and its sisters turn such JSON back.
"""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from collector.journeys import channels
from collector.journeys.asking import Asking

CHANNELS = tuple(channels.BY_KEY)
STAGES = ("before", "during", "after")
ACTORS = ("customer", "company")
STATES = ("as_is", "to_be")
PERSONA_GROUPS = ("demographics", "job", "pain_points", "values_and_goals", "information_behaviour")
NO_KEY = re.compile(r"[^a-z0-9]+")


STORED = {"stored": True}  # marks what the store keeps beside a definition: no part of what it says


@dataclass(frozen=True, slots=True)
class Service:
    """What a stakeholder does for another one."""

    stakeholder: str
    service: str = ""


@dataclass(frozen=True, slots=True)
class Stakeholder:
    """A department or person that owns touchpoints, and whom it serves."""

    key: str
    name: str
    description: str = ""
    serves: tuple[Service, ...] = ()
    revision: int = field(default=0, compare=False, metadata=STORED)
    archived_at: datetime | None = field(default=None, compare=False, metadata=STORED)


@dataclass(frozen=True, slots=True)
class Persona:
    """A kind of customer, as the team pictures it; ``details`` has a text for each of ``PERSONA_GROUPS``."""

    key: str
    name: str
    description: str = ""
    details: Mapping[str, str] = field(default_factory=dict)
    revision: int = field(default=0, compare=False, metadata=STORED)
    archived_at: datetime | None = field(default=None, compare=False, metadata=STORED)


@dataclass(frozen=True, slots=True)
class Touchpoint:
    """A concrete contact; ``channel`` is the medium, ``owners`` are stakeholder keys, the first one leads."""

    key: str
    name: str
    channel: str
    customer_name: str = ""
    description: str = ""
    owners: tuple[str, ...] = ()
    stage: str = "during"
    measurable: bool = True
    feedback_enabled: bool = True
    form_enabled: bool = True
    expectation: str = ""
    expected_result: str = ""
    systems: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    revision: int = field(default=0, compare=False, metadata=STORED)
    archived_at: datetime | None = field(default=None, compare=False, metadata=STORED)

    @property
    def label(self) -> str:
        """The customer's name for it, else the company's."""
        return self.customer_name or self.name


@dataclass(frozen=True, slots=True)
class Expectation:
    """What one persona expects at a step: -2 (dread) to +2 (delight), and in words."""

    value: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens to the customer; it need not be at a touchpoint of the company's.

    ``expectation`` is what the team expects a customer to feel, -2 to +2; never a measurement.
    """

    key: str
    name: str
    customer_name: str = ""
    action: str = ""
    actor: str = "customer"
    touchpoint: str | None = None
    milestone: bool = False
    moment_of_truth: bool = False
    expectation: int | None = None
    expectation_text: str = ""
    expectations: Mapping[str, Expectation] = field(default_factory=dict)
    notes: str = ""

    @property
    def label(self) -> str:
        """The customer's words for it, else the company's."""
        return self.customer_name or self.name


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of the journey with its steps in the customer's order; ``key`` is empty only on its way to a file."""

    name: str
    key: str = ""
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Journey:
    """A way that customers go to reach a goal; what a version of it says."""

    key: str
    name: str
    definition: str
    customer_goal: str
    business_goal: str
    scenario: str = ""
    expected_result: str = ""
    state: str = "as_is"
    variant_of: str | None = None
    personas: tuple[str, ...] = ()
    abandoned_after_days: int = 30
    asking: Asking = field(default_factory=Asking)
    metric: str | None = None
    phases: tuple[Phase, ...] = ()
    version: int = field(default=0, compare=False, metadata=STORED)
    archived_at: datetime | None = field(default=None, compare=False, metadata=STORED)
    applied_at: datetime | None = field(default=None, compare=False, metadata=STORED)
    applied_by: str = field(default="", compare=False, metadata=STORED)

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps in the customer's order."""
        return tuple(step for phase in self.phases for step in phase.steps)

    @property
    def step_count(self) -> int:
        """How many steps it has, in all phases."""
        return sum(len(phase.steps) for phase in self.phases)

    @property
    def touchpoints(self) -> tuple[str, ...]:
        """The touchpoint keys in the order in which the customer first meets them."""
        return tuple(dict.fromkeys(step.touchpoint for step in self.steps if step.touchpoint))


Definition = Stakeholder | Persona | Touchpoint | Journey


@dataclass(frozen=True, slots=True)
class Definitions:
    """The four sections of a journey file."""

    stakeholders: tuple[Stakeholder, ...] = ()
    personas: tuple[Persona, ...] = ()
    touchpoints: tuple[Touchpoint, ...] = ()
    journeys: tuple[Journey, ...] = ()

    @classmethod
    def of(cls, *items: Definition) -> Definitions:
        """A document of these definitions, each in its section."""
        return cls(
            tuple(item for item in items if isinstance(item, Stakeholder)),
            tuple(item for item in items if isinstance(item, Persona)),
            tuple(item for item in items if isinstance(item, Touchpoint)),
            tuple(item for item in items if isinstance(item, Journey)),
        )

    @property
    def all(self) -> tuple[Definition, ...]:
        """Every definition, those first that others refer to."""
        return (*self.stakeholders, *self.personas, *self.touchpoints, *self.journeys)


def stakeholder(data: Mapping[str, Any]) -> Stakeholder:
    """A stakeholder from checked JSON."""
    return Stakeholder(**{**data, "serves": tuple(Service(**item) for item in data.get("serves", ()))})


def persona(data: Mapping[str, Any]) -> Persona:
    """A persona from checked JSON."""
    return Persona(**data)


def touchpoint(data: Mapping[str, Any]) -> Touchpoint:
    """A touchpoint from checked JSON."""
    lists = {name: tuple(dict.fromkeys(data.get(name, ()))) for name in ("owners", "systems", "tags")}
    return Touchpoint(**{**data, **lists})


def journey(data: Mapping[str, Any]) -> Journey:
    """A journey from checked JSON; phases without a key get one from their name."""
    lists = {
        "personas": tuple(dict.fromkeys(data.get("personas", ()))),
        "phases": phases(data.get("phases", ())),
    }
    return Journey(**{**data, **lists, "asking": Asking(**data.get("asking", {}))})


def step(data: Mapping[str, Any]) -> Step:
    """A step from checked JSON."""
    expectations = {key: Expectation(**item) for key, item in data.get("expectations", {}).items()}
    return Step(**{**data, "expectations": expectations})


def phases(items: Iterable[Mapping[str, Any]]) -> tuple[Phase, ...]:
    """Phases from checked JSON, each with a key of its own."""
    made: list[Phase] = []
    for item in items:
        key = item.get("key") or free_key(item["name"], {phase.key for phase in made}, "phase")
        made.append(Phase(item["name"], key, tuple(step(data) for data in item.get("steps", ()))))
    return tuple(made)


def definitions(data: Mapping[str, Any]) -> Definitions:
    """All four sections from checked JSON."""
    return Definitions(
        tuple(stakeholder(item) for item in data.get("stakeholders", ())),
        tuple(persona(item) for item in data.get("personas", ())),
        tuple(touchpoint(item) for item in data.get("touchpoints", ())),
        tuple(journey(item) for item in data.get("journeys", ())),
    )


def compact(value: Any) -> Any:
    """A definition as JSON: fields in their order, without those at their defaults and without the store's own."""
    if dataclasses.is_dataclass(value):
        return {
            item.name: compact(getattr(value, item.name))
            for item in dataclasses.fields(value)
            if "stored" not in item.metadata and getattr(value, item.name) != _default(item)
        }
    if isinstance(value, Mapping):
        return {key: compact(value[key]) for key in value}
    return [compact(item) for item in value] if isinstance(value, tuple) else value


def sections(document: Definitions) -> dict[str, Any]:
    """A document as JSON: the sections that hold something."""
    return {
        item.name: compact(value)
        for item in dataclasses.fields(document)
        if (value := getattr(document, item.name))
    }


def free_key(text: str, taken: Iterable[str], otherwise: str) -> str:
    """A readable key for a text (``Dépôt de dossier`` -> ``depot-de-dossier``) that none of ``taken`` has."""
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss")).encode("ascii", "ignore").decode().lower()
    base = NO_KEY.sub("-", plain).strip("-")[:56].rstrip("-") or otherwise
    used, number = set(taken), 1
    while (key := base if number == 1 else f"{base}-{number}") in used:
        number += 1
    return key


def _default(item: dataclasses.Field[Any]) -> Any:
    if item.default_factory is not dataclasses.MISSING:
        return item.default_factory()
    return item.default
