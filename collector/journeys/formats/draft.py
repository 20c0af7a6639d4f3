"""A document while it is put together from a foreign file: its JSON, where each part stood, and what was lost."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from collector import yaml_marks
from collector.journeys.channels import BY_WORD
from collector.journeys.definitions import free_key
from collector.journeys.formats import heard
from collector.journeys.formats.heard import NO_FIELD, Heard
from collector.journeys.formats.losses import Loss
from collector.yaml_marks import FileError, Path, Place, Problem

NUMBER = re.compile(r"[-+]?\d+([.,]\d+)?")
NAMED = re.compile(r"(?P<name>.*\S)\s*\[(?P<key>[a-z0-9][a-z0-9_.-]{0,63})\]")


@dataclass(frozen=True)
class Options:
    """What a foreign file does not say and the importer does.

    ``journey``: its key. ``facts``: its definition, goals and other facts, where the file has none. ``channels``:
    their word -> ours. ``scale``: lowest and highest value of their scores, where not the format's own (ours are -2
    to 2). CSV only: ``columns``, their heading -> ours; ``lanes``, whether rows are lanes and columns are steps.
    """

    journey: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    lanes: bool = False
    scale: tuple[float, float] | None = None


@dataclass(frozen=True)
class Reading:
    """What a reader found: JSON with its places, and the losses."""

    source: yaml_marks.Document
    losses: tuple[Loss, ...]


class Draft:
    """Collects definitions by key, each part with the line and column that it came from."""

    def __init__(self, filename: str, options: Options) -> None:
        self.filename, self.options = filename, options
        self.value: dict[str, list[dict[str, Any]]] = {
            "stakeholders": [],
            "personas": [],
            "touchpoints": [],
            "journeys": [],
        }
        self.places: dict[Path, Place] = {(): (1, 1)}
        self._lost: Counter[tuple[str, str]] = Counter()
        self._heard: list[Heard] = []
        self._turned: dict[str, set[Any]] = {}

    def item(self, section: str, key: str, place: Place, **said: Any) -> tuple[dict[str, Any], Path]:
        """The definition of a key with its path; made, with ``said``, when it is met first."""
        items = self.value[section]
        for index, item in enumerate(items):
            if item["key"] == key:
                return item, (section, index)
        items.append({"key": key, **said})
        path: Path = (section, len(items) - 1)
        self.places[path] = place
        return items[-1], path

    def add(self, items: list[dict[str, Any]], path: Path, place: Place, **said: Any) -> Path:
        """Add a part (a phase, a step) to a list that stands at ``path``; returns the part's path."""
        items.append(said)
        self.places[(*path, len(items) - 1)] = place
        return (*path, len(items) - 1)

    def named(self, section: str, text: str, place: Place) -> str:
        """The key of the stakeholder or persona that is called ``Name`` or ``Name [key]``; made when met first."""
        match = NAMED.fullmatch(text.strip())
        name = match["name"] if match else text.strip()
        key = match["key"] if match else free_key(name, (), section[:-1])
        self.item(section, key, place, name=name)
        self.turn(text, key)
        return key

    def channel(self, word: str, place: Place) -> str:
        """Our channel for their word; raises FileError for one that is neither known nor given in the options."""
        plain = " ".join(word.casefold().split())
        given = {" ".join(theirs.casefold().split()): ours for theirs, ours in self.options.channels.items()}
        found = given.get(plain) or BY_WORD.get(plain)
        if found is None:
            message = (
                f"the channel {word!r} is not known here; say which of ours it is (--channel {word!r}=...)"
            )
            self.refuse(place, "channel", "unknown_channel", message)
        self.turn(word, found)
        return found

    def feeling(self, text: str, place: Place, usual: tuple[float, float]) -> int:
        """A score of theirs as one of ours, -2 to 2; ``usual`` is the format's own scale."""
        low, high = self.options.scale or usual
        if not NUMBER.fullmatch(text):
            self.refuse(place, "expectation", "invalid", f"the score {text!r} is no number")
        number = float(text.replace(",", "."))
        if not low <= number <= high:
            message = (
                f"the score {text} is not from {low:g} to {high:g}; say their scale, such as --scale 1:10"
            )
            self.refuse(place, "expectation", "invalid", message)
        exact = (number - low) / (high - low) * 4 - 2
        if abs(exact - round(exact)) > 1e-9:
            self.lose("steps.expectation", "rounded to a whole number from -2 to 2")
        ours = int(exact + 0.5 if exact >= 0 else exact - 0.5)
        self.turn(text, ours)
        return ours

    def hear(self, field: str, said: Any, *where: Mapping[str, Any], note: str = NO_FIELD) -> None:
        """Note what the file says, and the parts of the result that would hold it; lost if they do not."""
        self._heard.append(Heard(field, said, where, note))

    def turn(self, theirs: str, ours: Any) -> None:
        """Note that a word of theirs is written in our own way."""
        self._turned.setdefault(heard.plain(theirs), set()).add(ours)

    def lose(self, field: str, note: str, count: int = 1) -> None:
        """Note that something could not be taken over."""
        self._lost[(field, note)] += count

    def refuse(self, place: Place, field: str, code: str, message: str) -> NoReturn:
        """Give up: the file cannot be understood at a place."""
        raise FileError([Problem(self.filename, *place, field, code, message)])

    def reading(self) -> Reading:
        """What was found, journeys completed with the facts that the importer gave."""
        for journey in self.value["journeys"]:
            for name, said in self.options.facts.items():
                if said and not journey.get(name):
                    journey[name] = said
        value: Any = {name: items for name, items in self.value.items() if items}
        lost = heard.losses(self._heard, self.value, self._turned)
        noted = tuple(Loss(name, count, note) for (name, note), count in self._lost.items())
        return Reading(yaml_marks.Document(self.filename, value, self.places), (*noted, *lost))
