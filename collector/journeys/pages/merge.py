"""Two people changed the same thing: what each of them said, field by field. Pure.

A form is a mapping of field names to texts; a field that is missing in one is empty there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Form = Mapping[str, str]


@dataclass(frozen=True)
class Difference:
    """A field that somebody changed: as it was when the form was opened, as it is now, as it was typed."""

    name: str
    base: str
    theirs: str
    mine: str

    @property
    def changed_by_me(self) -> bool:
        return self.mine != self.base

    @property
    def clashes(self) -> bool:
        """Both changed it, to different ends."""
        return self.changed_by_me and self.theirs not in (self.base, self.mine)


def compare(base: Form, theirs: Form, mine: Form) -> tuple[Difference, ...]:
    """The fields that at least one of the two changed, in the order of the form."""
    names = dict.fromkeys([*base, *theirs, *mine])
    found = (Difference(name, base.get(name, ""), theirs.get(name, ""), mine.get(name, "")) for name in names)
    return tuple(item for item in found if item.base != item.theirs or item.base != item.mine)


def merge(base: Form, theirs: Form, mine: Form) -> dict[str, str]:
    """My changes on top of theirs; where both changed a field, mine (the page asks about those)."""
    merged = dict(theirs)
    for item in compare(base, theirs, mine):
        if item.changed_by_me:
            merged[item.name] = item.mine
    return merged
