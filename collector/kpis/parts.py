"""What is inside a touchpoint's answers, pair by pair: each channel against its others, each group of customers (by persona
or attribute) against the others. Customers are told apart by closed groups of five alone.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from collector.kpis import cube
from collector.kpis.metrics import Metric
from collector.kpis.models import GroupMember
from collector.kpis.said import AtTouchpoints, Window
from collector.statistics import Cells, Group, Pair, merged, total, within

MOST_VALUES = 20
"""An attribute with more values than these is a name rather than a group."""


@dataclass(frozen=True)
class Place:
    """A step with a touchpoint, in the customer's order, and who owns it."""

    step: str
    touchpoint: str
    owners: tuple[str, ...]


@dataclass(frozen=True)
class Subject:
    """What a pair is about, in the words of the wire, and whose it is."""

    of: Mapping[str, str]
    against: Mapping[str, str]
    series_id: uuid.UUID
    owners: tuple[str, ...]
    steps: tuple[str, str] = ("", "")

    @property
    def group(self) -> str:
        """``persona=senior``, ``attribute.tariff=L``; empty where it is about no group of customers."""
        names = (name for name in self.of if name not in {"touchpoint", "channel", "period"})
        return next((f"{name}={self.of[name]}" for name in names), "")


def group(metric: Metric, cells: Cells) -> Group:
    """The answers as the leading figure counts them: a mean of whole numbers, times its unit."""
    if metric.kind == "mean":
        return Group.of(cells, metric.lowest, metric.highest)
    n, top = total(cells), within(cells, metric.top)
    if metric.kind == "share":
        return Group.of({1: top, 0: n - top}, 0, 1, 100)
    bottom = within(cells, metric.bottom)
    return Group.of({1: top, 0: n - top - bottom, -1: bottom}, -1, 1, 100)


@dataclass(frozen=True)
class Inside:
    """The answers of a journey's leading series in a window, as they fall into parts."""

    session: Session
    workspace_id: uuid.UUID
    window: Window
    journey: str
    metric: Metric
    said: AtTouchpoints
    places: Sequence[Place]

    def channels(self) -> list[Pair[Subject]]:
        """Each channel of a touchpoint against its others; of two channels, one pair says it, of the lower one."""
        return list(self._pairs("channel", {"channels": "rest"}))

    def segments(self) -> list[Pair[Subject]]:
        """Each persona against the others at a touchpoint, and each value of an attribute."""
        found = list(self._pairs("persona", {"personas": "rest"}))
        for dimension in self._attributes():
            found += self._pairs(dimension, {dimension: "rest"})
        return found

    def _pairs(self, dimension: str, rest_is: Mapping[str, str]) -> Iterator[Pair[Subject]]:
        owners = {place.touchpoint: place.owners for place in self.places}
        for touchpoint, cells in sorted(self._cells(dimension).items()):
            names = sorted(cells, key=lambda name: (group(self.metric, cells[name]).mean, name))
            if not 2 <= len(names) <= MOST_VALUES:
                continue
            for name in names[:1] if len(names) == 2 else names:
                rest = merged(cells[other] for other in names if other != name)
                of, against = (
                    {"touchpoint": touchpoint, dimension: name},
                    {"touchpoint": touchpoint, **rest_is},
                )
                series_id = self.said[touchpoint][self.metric.key].series_id
                subject = Subject(of, against, series_id, owners.get(touchpoint, ()))
                yield Pair(subject, group(self.metric, cells[name]), group(self.metric, rest))

    def _cells(self, dimension: str) -> dict[str, dict[str, dict[int, int]]]:
        """Touchpoint -> part -> score -> n; answers of which the part is not known are in none."""
        chosen = cube.Slice(
            self.metric.key, journey=self.journey, since=self.window.first, until=self.window.last
        )
        by = ("touchpoint", dimension, "series_id")
        found: dict[str, dict[str, dict[int, int]]] = {}
        for cell in cube.read_cells(self.session, self.workspace_id, chosen, by):
            touchpoint, part, series_id = cell.group
            mine = self.said.get(touchpoint, {}).get(self.metric.key)
            if part and mine and mine.series_id == series_id:
                counts = found.setdefault(touchpoint, {}).setdefault(part, {})
                counts[cell.score] = counts.get(cell.score, 0) + cell.n
        return found

    def _attributes(self) -> list[str]:
        """The attributes that customers carry: each is looked for behind the one before, as an index has them."""
        table, found, last = GroupMember, list[str](), ""
        key = (table.workspace_id, table.metric, table.dimension)
        mine = (self.workspace_id, self.metric.key)
        while True:
            after = select(*key).where(tuple_(*key) > (*mine, last)).order_by(*key).limit(1)
            row = self.session.execute(after).first()
            if row is None or row[:2] != mine:
                return found
            last = row.dimension
            found += [last] if last.startswith(cube.ATTRIBUTE) else []
