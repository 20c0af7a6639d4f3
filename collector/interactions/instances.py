"""The journey instances that a batch belongs to: read in one statement, kept up to date here, written in one."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Table, bindparam, func, select, union_all
from sqlalchemy.orm import Session

from collector import bulk, clock, journeys, lists, prepared
from collector.interactions.models import JourneyInstance

TABLE: Table = JourneyInstance.__table__  # type: ignore[assignment]


@dataclass(frozen=True)
class Stay:
    """Something that happened to somebody along a journey: ``given`` is the instance that the caller names."""

    version: journeys.VersionFacts
    customer: str | None
    given: str | None
    at: datetime


@dataclass
class Way:
    """One instance as it stands after what the batch has added to it."""

    instance_id: str
    journey: str
    journey_version: int
    customer: str | None
    started_at: datetime
    last_at: datetime
    is_changed: bool = False

    def stretch(self, stay: Stay) -> None:
        started_at, last_at = min(self.started_at, stay.at), max(self.last_at, stay.at)
        found = started_at, last_at, self.customer or stay.customer
        self.is_changed = self.is_changed or found != (self.started_at, self.last_at, self.customer)
        self.started_at, self.last_at, self.customer = found


@dataclass
class Instances:
    """The instances of a batch, by name and by customer; ``begun`` holds the names that were made up here."""

    session: Session
    workspace_id: uuid.UUID
    begun: set[str] = field(default_factory=set)
    _named: dict[tuple[str, str], Way] = field(default_factory=dict)
    _of_customer: dict[tuple[str, str], list[Way]] = field(default_factory=dict)

    def read(self, stays: Sequence[Stay]) -> None:
        """Read what these may belong to: the instances that they name, and the open ones of their customers."""
        named = sorted({stay.given for stay in stays if stay.given})
        open_ones = [stay for stay in stays if stay.customer and not stay.given]
        if not named and not open_ones:
            return
        given = {
            "workspace_id": self.workspace_id,
            "named": named,
            "customers": sorted({stay.customer for stay in open_ones if stay.customer}),
            "oldest": min(map(_oldest, open_ones), default=None),
        }
        self.session.flush()
        for row in prepared.send(self.session, _known(bool(named), bool(open_ones)), [given]):
            self._keep(Way(*row))

    def place(self, stay: Stay) -> str | None:
        """The instance at a time: the given one, else the customer's open one, else a new one.

        None without a customer and a given instance: an anonymous contact belongs to no instance. An instance is open
        until nothing has happened in it for the journey's ``abandoned_after_days``.
        """
        if stay.given is None and stay.customer is None:
            return None
        way = self._named.get((stay.given, stay.version.key)) if stay.given else self._open(stay)
        if way is None:
            way = self._begin(stay)
        elif way.customer is None and stay.customer is not None:
            self._of_customer.setdefault((stay.customer, way.journey), []).append(way)
        way.stretch(stay)
        if stay.customer is None:
            way.is_changed = True  # written, and so locked: there is no customer to lock
        return way.instance_id

    def store(self) -> None:
        """Write what is new or changed, in one order; each row stays locked until the transaction ends."""
        changed = sorted(
            (way for way in self._named.values() if way.is_changed),
            key=lambda way: (way.instance_id, way.journey),
        )
        if not changed:
            return
        is_postgresql = self.session.get_bind().dialect.name == "postgresql"
        stretch = _or_stretch_postgresql if is_postgresql else _or_stretch_sqlite
        bulk.insert(self.session, TABLE, [self._row(way) for way in changed], stretch)
        for way in changed:
            way.is_changed = False

    def _row(self, way: Way) -> dict[str, Any]:
        kept = {name: value for name, value in vars(way).items() if name != "is_changed"}
        return {"workspace_id": self.workspace_id, **kept}

    def _begin(self, stay: Stay) -> Way:
        name = stay.given or str(clock.new_id())
        if not stay.given:
            self.begun.add(name)
        way = Way(
            name, stay.version.key, stay.version.version, stay.customer, stay.at, stay.at, is_changed=True
        )
        self._keep(way)
        return way

    def _keep(self, way: Way) -> None:
        if self._named.setdefault((way.instance_id, way.journey), way) is way and way.customer:
            self._of_customer.setdefault((way.customer, way.journey), []).append(way)

    def _open(self, stay: Stay) -> Way | None:
        ways = self._of_customer.get((stay.customer or "", stay.version.key), ())
        open_ones = [way for way in ways if way.last_at >= _oldest(stay)]
        return max(open_ones, key=lambda way: (way.last_at, way.instance_id), default=None)


def _oldest(stay: Stay) -> datetime:
    return stay.at - timedelta(days=stay.version.abandoned_after_days)


@lru_cache
def _known(by_name: bool, by_customer: bool) -> Any:
    """Instances by their names, and those of some customers that may still be open; built once."""
    columns = TABLE.c
    here = select(*(columns[name] for name in Way.__dataclass_fields__ if name != "is_changed"))
    here = here.where(columns.workspace_id == bindparam("workspace_id"))
    named = here.where(lists.any_of(columns.instance_id, "named"))
    of_customers = here.where(
        lists.any_of(columns.customer, "customers"),
        func.coalesce(columns.last_at, columns.started_at) >= bindparam("oldest", type_=columns.last_at.type),
    )  # an index for a journey, or for when it was last walked, must be none that fits: a planner would read all on it
    return union_all(*([named] * by_name + [of_customers] * by_customer))


def _or_stretch_postgresql(made: Any, table: Table) -> Any:
    return _or_stretch(made, table, func.least, func.greatest)


def _or_stretch_sqlite(made: Any, table: Table) -> Any:
    return _or_stretch(made, table, func.min, func.max)


def _or_stretch(made: Any, table: Table, least: Any, most: Any) -> Any:
    """Make an instance, or stretch the one that stands over what was added."""
    return made.on_conflict_do_update(
        index_elements=["workspace_id", "instance_id", "journey"],
        set_={
            "started_at": least(table.c.started_at, made.excluded.started_at),
            "last_at": most(table.c.last_at, made.excluded.last_at),
            "customer": func.coalesce(table.c.customer, made.excluded.customer),
        },
    )
