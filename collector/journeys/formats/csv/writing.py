"""Definitions into rows that a spreadsheet opens without harm."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from collector.journeys.definitions import (
    Definitions,
    Journey,
    Step,
    Touchpoint,
    free_key,
)
from collector.journeys.formats.csv.columns import FLAGS, HEADINGS, JOURNEY, RISKY, STEP, TOUCHPOINT
from collector.journeys.formats.draft import NUMBER

FEELINGS = ("expectation", "expectation_text")


@dataclass(frozen=True)
class _People:
    """Names by key, of those who own and of those who travel."""

    owners: Mapping[str, str]
    personas: Mapping[str, str]


def write(document: Definitions) -> str:
    """All journeys of a document, then the touchpoints that none of them passes."""
    people = _People(
        {item.key: item.name for item in document.stakeholders},
        {item.key: item.name for item in document.personas},
    )
    expected = sorted({key for item in document.journeys for step in item.steps for key in step.expectations})
    personal = [f"{name}:{_names((key,), people.personas)}" for key in expected for name in FEELINGS]
    out = io.StringIO()
    writer = csv.DictWriter(out, [*HEADINGS, *personal], restval="", lineterminator="\r\n")
    writer.writeheader()
    for row in _written(document, people):
        writer.writerow({name: _harmless(value) for name, value in row.items()})
    return out.getvalue()


def _written(document: Definitions, people: _People) -> Iterator[dict[str, Any]]:
    touchpoints = {item.key: item for item in document.touchpoints}
    told: set[str] = set()
    for journey in document.journeys:
        facts = _journey_cells(journey, people)
        for phase in journey.phases:
            for step in phase.steps or (None,):
                row = {"journey": journey.key, "phase": phase.name, "phase_key": phase.key, **facts}
                facts = {}
                if step is not None:
                    row |= _step_cells(step, people)
                if step is not None and step.touchpoint is not None:
                    fresh = step.touchpoint not in told
                    row |= _touchpoint_cells(touchpoints[step.touchpoint], people) if fresh else {}
                    row["touchpoint"] = step.touchpoint
                    told.add(step.touchpoint)
                yield row
    yield from (_touchpoint_cells(item, people) for key, item in touchpoints.items() if key not in told)


def _journey_cells(journey: Journey, people: _People) -> dict[str, Any]:
    cells = {heading: _cell(journey, name) for heading, name in JOURNEY.items()}
    return {"journey_name": journey.name, **cells, "personas": _names(journey.personas, people.personas)}


def _step_cells(step: Step, people: _People) -> dict[str, Any]:
    cells = {
        "step": step.key,
        "step_name": step.name,
        **{head: _cell(step, name) for head, name in STEP.items()},
    }
    for persona, said in step.expectations.items():
        for name, value in zip(FEELINGS, (said.value, said.text), strict=True):
            cells[f"{name}:{_names((persona,), people.personas)}"] = "" if value is None else value
    return cells


def _touchpoint_cells(item: Touchpoint, people: _People) -> dict[str, Any]:
    cells = {heading: _cell(item, name) for heading, name in TOUCHPOINT.items()}
    named = {"touchpoint": item.key, "touchpoint_name": item.name}
    return {**named, **cells, "owners": _names(item.owners, people.owners)}


def _cell(item: Journey | Step | Touchpoint, name: str) -> Any:
    value = getattr(item, name)
    if name in FLAGS:
        default = name in {"measurable", "feedback_enabled", "form_enabled"}
        return "" if value == default else "yes" if value else "no"
    return "; ".join(value) if isinstance(value, tuple) else "" if value is None else value


def _names(keys: tuple[str, ...], names: Mapping[str, str]) -> str:
    """``Name`` where the key is what the name would give anyway, else ``Name [key]``."""
    named = ((names[key], key) for key in keys)
    return "; ".join(name if free_key(name, (), "") == key else f"{name} [{key}]" for name, key in named)


def _harmless(value: Any) -> Any:
    """A text that a spreadsheet would take for a formula gets an apostrophe in front."""
    risky = isinstance(value, str) and RISKY.match(value) and not NUMBER.fullmatch(value)
    return f"'{value}" if risky else value
