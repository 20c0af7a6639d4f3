"""What applying a document would do: one line for each definition in it. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from collector.journeys import diff
from collector.journeys.definitions import Definition, Definitions, Journey

VERBS = ("create", "change", "version", "restore", "unchanged")


@dataclass(frozen=True)
class PlanItem:
    """What becomes of one definition: ``verb`` is one of ``VERBS``, ``number`` its revision or version afterwards."""

    noun: str
    key: str
    verb: str
    number: int
    changes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """What applying a document does, in the order in which it is done."""

    items: tuple[PlanItem, ...]

    @property
    def changes_nothing(self) -> bool:
        return all(item.verb == "unchanged" for item in self.items)

    @property
    def counts(self) -> dict[str, int]:
        """How many definitions meet each of ``VERBS``."""
        counted = Counter(item.verb for item in self.items)
        return {verb: counted[verb] for verb in VERBS}


def compare(current: Definitions, wanted: Definitions) -> Plan:
    """The plan that leads from what the workspace holds to what a document says; what it leaves out stays."""
    return Plan(
        (
            *_section("stakeholder", current.stakeholders, wanted.stakeholders),
            *_section("persona", current.personas, wanted.personas),
            *_section("touchpoint", current.touchpoints, wanted.touchpoints),
            *_section("journey", current.journeys, wanted.journeys),
        )
    )


def _section(noun: str, current: Iterable[Definition], wanted: Iterable[Definition]) -> Iterator[PlanItem]:
    there = {item.key: item for item in current}
    for item in wanted:
        yield _item(noun, there.get(item.key), item)


def _item(noun: str, there: Definition | None, wanted: Definition) -> PlanItem:
    if there is None:
        return PlanItem(noun, wanted.key, "create", 1)
    number = there.version if isinstance(there, Journey) else there.revision
    if there == wanted:
        same = there.archived_at is None
        step = 0 if same or noun == "journey" else 1
        return PlanItem(noun, wanted.key, "unchanged" if same else "restore", number + step)
    if isinstance(there, Journey) and isinstance(wanted, Journey):
        lines = tuple(diff.compare(there, wanted).lines())
        return PlanItem(noun, wanted.key, "version", number + 1, lines)
    return PlanItem(noun, wanted.key, "change", number + 1, diff.fields_that_differ(there, wanted))
