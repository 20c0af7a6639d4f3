"""Which points of a slice stay hidden: those under k answers, and those that subtraction would give away.

Channel, persona, variant and attributes say who the customers are, so a figure narrowed or grouped by them is a slice of people.
A touchpoint's or a journey's own total is no slice (``docs/decisions/0007-small-groups.md``).
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from collector.kpis import cube
from collector.statistics import small_groups

ABOUT_PEOPLE = ("channel", "persona", "variant", "attribute")
Group = str | None
Bucket = date | None
Place = tuple[Group, Bucket]
Counts = Mapping[Group, Mapping[Bucket, int]]


def hidden_points(
    session: Session,
    workspace_id: uuid.UUID,
    chosen: cube.Slice,
    interval: str | None,
    group_by: str | None,
    counts: Counts,
) -> set[Place]:
    """The (group, bucket) places to withhold."""
    hidden: set[Place] = set()
    if group_by in ABOUT_PEOPLE:
        hidden |= _by_group(counts, interval)
    if group_by not in {"touchpoint", "journey", "owner"}:
        for name in (name for name in ABOUT_PEOPLE if getattr(chosen, name) is not None):
            hidden |= _by_filter(session, workspace_id, chosen, name, interval, counts)
    if any(getattr(chosen, name) is not None for name in ABOUT_PEOPLE):
        hidden |= {place for place, n in _places(counts) if small_groups.too_few(n)}
    return hidden


def neighbours(name: str, value: Any) -> tuple[str, str]:
    """The dimension of a narrowing, and its value there: ``("persona", "senior")``, ``("attribute.tariff", "L")``."""
    return (f"{cube.ATTRIBUTE}{value[0]}", value[1]) if name == "attribute" else (name, value)


def _widened(chosen: cube.Slice, name: str) -> cube.Slice:
    nothing: dict[str, Any] = {name: None}
    return replace(chosen, **nothing)


def _by_group(counts: Counts, interval: str | None) -> set[Place]:
    if interval is None:
        return {
            (group, None)
            for group in small_groups.hidden({group: sum(of.values()) for group, of in counts.items()})
        }
    cells = small_groups.hidden_cells(counts)
    return {(group, bucket) for group, bucket in cells if group is not None and bucket is not None}


def _by_filter(
    session: Session,
    workspace_id: uuid.UUID,
    chosen: cube.Slice,
    name: str,
    interval: str | None,
    counts: Counts,
) -> set[Place]:
    """What a narrowed figure would give away beside its neighbours: it is hidden where a table of them all would hide it."""
    by, mine = neighbours(name, getattr(chosen, name))
    lines: dict[Bucket, dict[str, int]] = {}
    for cell in cube.read_cells(session, workspace_id, _widened(chosen, name), (by,), interval):
        line, group = lines.setdefault(cell.start, {}), str(cell.group[0])
        line[group] = line.get(group, 0) + cell.n
    exposed = {bucket for bucket, line in lines.items() if mine in small_groups.hidden(line)}
    return {(group, bucket) for (group, bucket), _n in _places(counts) if bucket in exposed}


def _places(counts: Counts) -> list[tuple[Place, int]]:
    return [((group, bucket), n) for group, of in counts.items() for bucket, n in of.items()]
