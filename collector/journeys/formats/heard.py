"""What a foreign file says, item by item, and which of it stands nowhere in what was made of it. Pure.

A reader tells everything it reads, whether it has a use for it or not. What was lost is found by looking for each
item in the result, never by a list kept by hand: a field that is read and dropped shows up by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from collector.journeys.definitions import free_key
from collector.journeys.formats.losses import Loss

NO_FIELD = "no such field here"
PARTS = {"phases", "steps"}  # of a journey and a phase: what stands in them is no word of theirs
NOWHERE: Mapping[str, Any] = {}
"""A part that holds nothing: what must stand in it is lost for certain."""


@dataclass(frozen=True)
class Heard:
    """One thing that a file says, and the parts of the result that would hold it (none given: any)."""

    field: str
    said: str | float | bool
    where: tuple[Mapping[str, Any], ...]
    note: str

    @property
    def words(self) -> str:
        return self.said if isinstance(self.said, str) else str(self.said)


def losses(
    heard: Iterable[Heard],
    sections: Mapping[str, list[dict[str, Any]]],
    turned: Mapping[str, set[Any]],
) -> tuple[Loss, ...]:
    """What was heard and does not stand where it should; ``turned`` are words that we write in our own way."""
    found: dict[tuple[str, str], list[str]] = {}
    result = _Result(sections, turned)
    for item in heard:
        if plain(item.words) and not result.holds(item):
            found.setdefault((item.field, item.note), []).append(item.words)
    return tuple(Loss(field, len(said), note, tuple(said)) for (field, note), said in found.items())


def plain(text: str) -> str:
    """A text as it is compared: without case and with single blanks."""
    return " ".join(text.casefold().split())


class _Result:
    """What stands in each part of the result, references followed."""

    def __init__(self, sections: Mapping[str, list[dict[str, Any]]], turned: Mapping[str, set[Any]]) -> None:
        self.turned, self.sections = turned, sections
        self.known: dict[int, set[Any]] = {}
        self.behind: dict[str, list[Any]] = {}
        for name in ("stakeholders", "personas", "touchpoints"):
            for item in sections[name]:
                self.behind.setdefault(str(item["key"]), []).extend(_leaves(item, whole=True))

    def holds(self, item: Heard) -> bool:
        """Whether one of the parts says it: as it was heard, as a key, or in our own word for it."""
        wanted = {_mark(item.said)} | {_mark(ours) for ours in self.turned.get(plain(item.words), ())}
        if isinstance(item.said, str) and (key := free_key(item.said, (), "")):
            wanted.add(key)
        return any(wanted & said for said in self._said(item.where))

    def _said(self, parts: tuple[Mapping[str, Any], ...]) -> Iterator[set[Any]]:
        if not parts:
            yield self._of(self.sections, whole=True)
        for part in parts:
            yield self._of(part, whole=False)

    def _of(self, part: Mapping[str, Any], whole: bool) -> set[Any]:
        if id(part) not in self.known:
            said = list(_leaves(part, whole))
            keys = [leaf for leaf in said if isinstance(leaf, str) and leaf in self.behind]
            behind = [leaf for key in keys for leaf in self.behind[key]]
            further = [leaf for key in behind if isinstance(key, str) for leaf in self.behind.get(key, ())]
            self.known[id(part)] = {_mark(leaf) for leaf in (*said, *behind, *further)}
        return self.known[id(part)]


def _leaves(value: Any, whole: bool) -> Iterator[Any]:
    """All texts, numbers and flags in a value, and the keys that persons are filed under."""
    if isinstance(value, Mapping):
        for name, item in value.items():
            if whole or name not in PARTS:
                yield name
                yield from _leaves(item, whole)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _leaves(item, whole)
    elif value is not None:
        yield value


def _mark(value: Any) -> Any:
    """A value as it is compared; a flag is no number."""
    return plain(value) if isinstance(value, str) else (type(value) is bool, value)
