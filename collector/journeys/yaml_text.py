"""Definitions as a journey file: one order, one style, so that export, apply and export again is byte for byte the same."""

from __future__ import annotations

import dataclasses
from typing import Any

import yaml

from collector.journeys.definitions import Definitions, Journey, Phase, compact, free_key

INLINE = {"owners", "systems", "tags", "personas"}


def write(document: Definitions) -> str:
    """The file; each section is ordered by key, comments and what stands at its default are left out."""
    sections = {
        "stakeholders": document.stakeholders,
        "personas": document.personas,
        "touchpoints": document.touchpoints,
        "journeys": tuple(_without_plain_keys(journey) for journey in document.journeys),
    }
    value = {
        name: [_plain(item) for item in sorted(items, key=lambda item: item.key)]  # type: ignore[attr-defined]
        for name, items in sections.items()
        if items
    }
    if not value:
        return "{}\n"
    return yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)


class _Dumper(yaml.SafeDumper):
    """Indents lists below their name, and quotes every text that only just is not a number."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


class _Inline(list[Any]):
    """A list that stands on one line."""


def _plain(definition: Any) -> Any:
    value = compact(definition)
    return {name: _Inline(item) if name in INLINE else item for name, item in value.items()}


def _without_plain_keys(journey: Journey) -> Journey:
    """The journey, its phases without the keys that their names would give them anyway."""
    taken: set[str] = set()
    phases: list[Phase] = []
    for phase in journey.phases:
        plain = free_key(phase.name, taken, "phase")
        taken.add(phase.key)
        phases.append(dataclasses.replace(phase, key="") if plain == phase.key else phase)
    return dataclasses.replace(journey, phases=tuple(phases))


def _write_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    # PyYAML goes by YAML 1.1, where 1.5e3 is a text; the reader goes by 1.2, where it is a number.
    style = "|" if "\n" in text else None if text[:1].isalpha() else "'"
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style)


def _write_inline(dumper: yaml.SafeDumper, items: _Inline) -> yaml.SequenceNode:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=True)


_Dumper.add_representer(str, _write_text)
_Dumper.add_representer(_Inline, _write_inline)
