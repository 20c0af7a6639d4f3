"""A stratum of closed groups as the database has it: what it holds back, and how many groups each category has.

Its statements are built once and sent past the ORM: a batch has a stratum for each place and each thing that is known of
customers.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.orm import Session

from collector import clock, db, prepared, statements
from collector.kpis.models import GroupMember
from collector.statistics import SIZE, held_back

DIMENSIONS = ("persona", "variant")
ATTRIBUTE = "attribute."


class Stratum(NamedTuple):
    """Within which answers are grouped; each dimension by itself."""

    workspace_id: uuid.UUID
    dimension: str
    series_id: uuid.UUID
    touchpoint: str
    journey: str
    journey_version: int
    channel: str
    source: str
    respondent: str

    @property
    def is_by_attribute(self) -> bool:
        return self.dimension.startswith(ATTRIBUTE)

    @property
    def everyone(self) -> Stratum:
        """The same place by a dimension in which every answer stands."""
        return self._replace(dimension=DIMENSIONS[0])


_TABLE = GroupMember.__table__
_MEMBER = _TABLE.c
_HERE = and_(*(_MEMBER[name] == bindparam(name) for name in Stratum._fields))
_BACK = select(_TABLE).where(_HERE, _MEMBER.released.is_(None)).order_by(_MEMBER.day, _MEMBER.response_id)
_CLOSED = (
    select(_MEMBER.category, func.count().label("n"), func.max(_MEMBER.released).label("last"))
    .where(_HERE, _MEMBER.group_id.is_not(None))
    .group_by(_MEMBER.category)
)
_ALL = select(func.count().label("n")).select_from(GroupMember).where(_HERE)
_NEWEST = select(_TABLE).where(
    _MEMBER.workspace_id == bindparam("workspace_id"),
    _MEMBER.group_id
    == select(_MEMBER.group_id)
    .where(_HERE, _MEMBER.category == bindparam("category"), _MEMBER.group_id.is_not(None))
    .order_by(_MEMBER.group_id.desc())
    .limit(1)
    .scalar_subquery(),
)
"""The members of a category's newest group; their dimension is the stratum's, as a group has one."""


@dataclass
class Group:
    """Five members; those that are not loaded yet were released before."""

    members: list[GroupMember]

    @property
    def category(self) -> str:
        return self.members[0].category

    @property
    def released(self) -> date | None:
        return self.members[0].released

    def release(self, day: date | None) -> None:
        for member in self.members:
            member.released = day


@dataclass
class State:
    """What a stratum holds back, and how many groups each category has.

    ``without_value``: answers here that lack the attribute. They are in no group by it, and so belong to the rest.
    """

    session: Session
    stratum: Stratum
    waiting: dict[str, list[GroupMember]] = field(default_factory=lambda: defaultdict(list))
    apart: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    closed: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    loaded: list[Group] = field(default_factory=list)
    day: date = date.min
    without_value: int = 0
    stored: list[tuple[GroupMember, dict[str, Any]]] = field(default_factory=list)
    """Members that the database has, and what it says of them."""

    def arrive(self, member: GroupMember) -> None:
        """Take in the next answer; five of a category make a group."""
        queue = self.waiting[member.category]
        queue.append(member)
        if len(queue) == SIZE:
            group_id = clock.new_id()
            for each in queue:
                each.group_id = group_id
            self.loaded.append(Group(list(queue)))
            self.closed[member.category] += 1
            queue.clear()

    def settle(self, day: date) -> None:
        """Release what may be shown, and keep one group back where the rest would be too small."""
        self.day = max(self.day, day)
        held = self._held()
        for group in self.loaded:
            if group is not held and group.released is None:
                group.release(self.day)
        if held is not None:
            held.release(None)

    def keep(self) -> None:
        """Have the database say what has become of the members that it has."""
        names = ("workspace_id", "dimension", "response_id")
        changes = [
            ({name: getattr(member, name) for name in names}, _fate(member))
            for member, before in self.stored
            if _fate(member) != before
        ]
        statements.change_all(self.session, GroupMember, changes)

    def found(self, statement: Any, **given: Any) -> Iterator[GroupMember]:
        """Members that the database has, to be changed here and kept afterwards."""
        for row in prepared.send(self.session, statement, [{**self.stratum._asdict(), **given}]):
            member = statements.unwatched(GroupMember, **row._asdict())
            self.stored.append((member, _fate(member)))
            yield member

    def _held(self) -> Group | None:
        outside = {key: len(queue) for key, queue in self.waiting.items()}
        for key, n in self.apart.items():
            outside[key] = outside.get(key, 0) + n
        outside[""] = outside.get("", 0) + self.without_value
        category = held_back(self.closed, outside)
        if category is None:
            return None
        mine = [group for group in self.loaded if group.category == category]
        return mine[-1] if mine else self._newest(category)

    def _newest(self, category: str) -> Group | None:
        members = list(self.found(_NEWEST, category=category))
        if not members:
            return None
        group = Group(members)
        self.loaded.append(group)
        return group


def load(session: Session, stratum: Stratum) -> State:
    """A stratum as it stands, held until the transaction ends."""
    db.hold(session, stratum)
    state = State(session, stratum)
    groups: dict[uuid.UUID, list[GroupMember]] = defaultdict(list)
    for member in state.found(_BACK):
        if member.group_id is not None:
            groups[member.group_id].append(member)
        elif member.apart:
            state.apart[member.category] += 1
        else:
            state.waiting[member.category].append(member)
    state.loaded = [Group(members) for _, members in sorted(groups.items())]
    for category, n, last in prepared.send(session, _CLOSED, [stratum._asdict()]):
        state.closed[category] = n // SIZE
        state.day = max(state.day, last or date.min)
    if stratum.is_by_attribute:
        state.without_value = _count(session, stratum.everyone) - _count(session, stratum)
    return state


def _count(session: Session, stratum: Stratum) -> int:
    return int(prepared.send(session, _ALL, [stratum._asdict()])[0].n)


def _fate(member: GroupMember) -> dict[str, Any]:
    return {"group_id": member.group_id, "released": member.released}
