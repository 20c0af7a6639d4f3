"""Whose part of the journey somebody sees: everything, or what some stakeholders own. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from collector import errors


@dataclass(frozen=True)
class Scope:
    """The stakeholders whose touchpoints are in reach; None: everything, nobody's touchpoints included."""

    owners: frozenset[str] | None = None

    @property
    def is_all(self) -> bool:
        return self.owners is None

    @property
    def stored(self) -> list[str] | None:
        """As a row keeps it."""
        return None if self.owners is None else sorted(self.owners)

    def covers(self, owners: Iterable[str]) -> bool:
        """Whether something that these stakeholders own is in reach."""
        return self.owners is None or not self.owners.isdisjoint(owners)


EVERYTHING = Scope()


def of(stored: Sequence[str] | None) -> Scope:
    """The scope that a row keeps."""
    return EVERYTHING if stored is None else Scope(frozenset(stored))


def read(said: str, known: Collection[str]) -> list[str] | None:
    """``all`` or ``sales,operations`` as it is stored; raises 422 for a stakeholder who is not known."""
    keys = [part.strip() for part in said.split(",") if part.strip()]
    return None if keys == ["all"] else checked(keys, known)


def checked(keys: Sequence[str] | None, known: Collection[str]) -> list[str] | None:
    """The keys in order, once each; raises 422 for none, and for a stakeholder who is not known."""
    if keys is None:
        return None
    found = sorted(set(keys))
    strangers = [key for key in found if key not in known]
    if strangers:
        raise errors.BadInput(
            f"There is no such stakeholder: {', '.join(strangers)}.",
            "unknown_stakeholder",
            {"scope": [f"must be all, or some of: {', '.join(sorted(known)) or 'none yet'}"]},
        )
    if not found:
        raise errors.BadInput(
            "A scope is everything, or at least one stakeholder.", fields={"scope": ["is empty"]}
        )
    return found
