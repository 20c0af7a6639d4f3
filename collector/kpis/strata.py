"""A stratum of closed groups as the database has it: what it holds back, and how many groups each category has.

What is read does not grow with what has come before: who waits in the categories of new answers, the group that stays
back, and of all others just enough to know whether the rest is well without one; the rest are tallies (``tallies``).
Statements are built once and sent past the ORM: a batch has a stratum for each place and each thing that is known of
customers.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

from sqlalchemy import Table, and_, bindparam, false, not_, select, true, union_all
from sqlalchemy.orm import Session

from collector import clock, db, lists, prepared, statements
from collector.kpis import tallies
from collector.kpis.models import GroupMember
from collector.kpis.tallies import Stratum, Tally
from collector.statistics import SIZE, held_back

_TABLE = cast("Table", GroupMember.__table__)
_MEMBER = _TABLE.c
_HERE = and_(*(_MEMBER[name] == bindparam(name) for name in Stratum._fields))
_BACK = select(_TABLE).where(_HERE, _MEMBER.released.is_(None))
_IN_NO_GROUP = _BACK.where(_MEMBER.group_id.is_(None))
_WAITING, _APART = _IN_NO_GROUP.where(_MEMBER.apart == false()), _IN_NO_GROUP.where(_MEMBER.apart == true())
_ARRIVING = lists.any_of(_MEMBER.category, "arriving")
_HELD = _BACK.where(_MEMBER.apart == false(), _MEMBER.group_id >= uuid.UUID(int=0))
"""Of the group that stays back; by a comparison, as SQLite finds what is not null by no index."""
_LOW, _HIGH = (_MEMBER.group_id, _MEMBER.category), (_MEMBER.group_id.desc(), _MEMBER.category.desc())
"""As the index has those in no group."""


def _few(query: Any, order: tuple[Any, ...], n: int) -> Any:
    return select(query.order_by(*order).limit(n).subquery())


FEW = 50
_ALL_IF_FEW = _BACK.limit(FEW)
_LOADED = union_all(
    _HELD,
    _WAITING.where(_ARRIVING),
    _few(_WAITING.where(not_(_ARRIVING)), _LOW, SIZE),
    _few(_APART, _LOW, SIZE),
    _few(_APART, _HIGH, 1),
)
"""Where there are more than a few. Five in no group are as good as all of them: fewer than five of a category wait, so there are two categories among five
that do. Those apart are of one category only where the first is also the last."""
_OF_GROUP = select(_TABLE).where(
    _MEMBER.workspace_id == bindparam("workspace_id"), _MEMBER.group_id == bindparam("group_id")
)
_NEWEST = select(_TABLE).where(
    _MEMBER.workspace_id == bindparam("workspace_id"),
    _MEMBER.group_id
    == select(_MEMBER.group_id)
    .where(_HERE, _MEMBER.category == bindparam("category"), _MEMBER.group_id.is_not(None))
    .order_by(_MEMBER.group_id.desc())
    .limit(1)
    .scalar_subquery(),
)
"""The members of a category's newest group; their dimension is the stratum's, as a group has one.

It looks through all of the category, which is done only after a recount, and where the newest was dissolved."""


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

    @property
    def group_id(self) -> uuid.UUID:
        return self.members[0].group_id  # type: ignore[return-value]

    def release(self, day: date | None) -> None:
        for member in self.members:
            member.released = day


@dataclass
class State:
    """What a stratum holds back, and how many groups each category has.

    ``without_value``: new answers here that lack the attribute. They are in no group by it, and so belong to the rest.
    ``closed`` are the groups that were closed here and now.
    """

    session: Session
    stratum: Stratum
    waiting: dict[str, list[GroupMember]] = field(default_factory=lambda: defaultdict(list))
    apart: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    closed: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    newest: dict[str, uuid.UUID] = field(default_factory=dict)
    loaded: list[Group] = field(default_factory=list)
    arrived: int = 0
    day: date = date.min
    without_value: int = 0
    stored: list[tuple[GroupMember, dict[str, Any]]] = field(default_factory=list)
    """Members that the database has, and what it says of them."""
    _all: Tally | None = None
    known: dict[Stratum, Tally] = field(default_factory=dict)
    """Tallies of whole strata, as they are before anything has changed."""

    def arrive(self, member: GroupMember) -> None:
        """Take in the next answer; five of a category make a group."""
        self.arrived += 1
        queue = self.waiting[member.category]
        queue.append(member)
        if len(queue) == SIZE:
            group_id = clock.new_id()
            for each in queue:
                each.group_id = group_id
            self.loaded.append(Group(list(queue)))
            self.closed[member.category] += 1
            self.newest[member.category] = group_id
            queue.clear()

    def settle(self, day: date) -> None:
        """Release what may be shown, and keep one group back where the rest would be too small."""
        self.day = max(self.day, day)
        held = self._held()
        due = [group for group in self.loaded if group is not held and group.released is None]
        if due:
            self.day = max(self.day, self._whole(self.stratum).day)
        for group in due:
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

    def tallied(self) -> Iterator[dict[str, Any]]:
        """What is to be added to the tallies: of the whole, and of each category that has a new group."""
        if self.arrived:
            yield tallies.row(self.stratum, "", members=self.arrived, day=self.day)
        for category, group_id in self.newest.items():
            yield tallies.row(
                self.stratum, f"={category}", groups=self.closed.get(category, 0), newest=group_id
            )

    def found(self, statement: Any, **given: Any) -> Iterator[GroupMember]:
        """Members that the database has, to be changed here and kept afterwards."""
        for row in prepared.send(self.session, statement, [{**self.stratum._asdict(), **given}]):
            member = statements.unwatched(GroupMember, **row._asdict())
            self.stored.append((member, _fate(member)))
            yield member

    def _held(self) -> Group | None:
        outside = {key: len(queue) for key, queue in self.waiting.items() if queue}
        for key, n in self.apart.items():
            outside[key] = outside.get(key, 0) + n
        if not (outside or self.stratum.is_by_attribute):
            return None
        if len(outside) > 1 and sum(outside.values()) >= SIZE:
            return None  # whatever else there is
        closed = dict(self._in_full().groups)
        for category, n in self.closed.items():
            closed[category] = closed.get(category, 0) + n
        outside[""] = outside.get("", 0) + self._without_value()
        largest = held_back(closed, outside)
        while largest is not None:
            group = self._last(largest)
            if group is not None:
                return group
            del closed[largest]  # its groups went unnoticed
            largest = held_back(closed, outside)
        return None

    def _last(self, category: str) -> Group | None:
        mine = [group for group in self.loaded if group.category == category]
        return mine[-1] if mine else self._newest(category)

    def _newest(self, category: str) -> Group | None:
        named = self._in_full().newest.get(category)
        members = list(self.found(_OF_GROUP, group_id=named)) if named else []
        members = members or list(self.found(_NEWEST, category=category))
        if not members:
            return None
        group = Group(members)
        self.loaded.append(group)
        if group.group_id != named:
            self.newest[category] = group.group_id
        return group

    def _without_value(self) -> int:
        if not self.stratum.is_by_attribute:
            return 0
        lacking = self._whole(self.stratum.everyone).members - self._whole(self.stratum).members
        return max(0, lacking) + self.without_value

    def _whole(self, stratum: Stratum) -> Tally:
        if stratum not in self.known:
            self.known[stratum] = tallies.read(self.session, stratum, is_full=False)
        return self.known[stratum]

    def _in_full(self) -> Tally:
        if self._all is None:
            self._all = self.known[self.stratum] = tallies.read(self.session, self.stratum, is_full=True)
        return self._all


def hold(session: Session, strata: Iterable[Stratum]) -> None:
    """Hold strata until the transaction ends, and with each everyone at its place, whose number it needs.

    In one order, so that two workers never wait for one another in a ring.
    """
    wanted = set(strata)
    for each in sorted(wanted | {stratum.everyone for stratum in wanted}):
        db.hold(session, each)


def load(
    session: Session,
    stratum: Stratum,
    arriving: Collection[str] = (),
    known: dict[Stratum, Tally] | None = None,
) -> State:
    """A stratum that the caller holds, as it stands before answers of the ``arriving`` categories are taken in.

    ``known`` are tallies that were read since strata are held.
    """
    state = State(session, stratum, known={} if known is None else known)
    groups: dict[uuid.UUID, list[GroupMember]] = defaultdict(list)
    for member in _back(state, arriving):
        if member.group_id is not None:
            groups[member.group_id].append(member)
        elif member.apart:
            state.apart[member.category] += 1
        else:
            state.waiting[member.category].append(member)
    for queue in state.waiting.values():
        queue.sort(key=lambda member: (member.day, member.response_id))
    state.loaded = [Group(members) for _, members in sorted(groups.items())]
    return state


def _back(state: State, arriving: Collection[str]) -> Iterable[GroupMember]:
    """What is not released: all of it where it is little, else as much as tells the same."""
    found = list(state.found(_ALL_IF_FEW))
    if len(found) < FEW:
        return found
    state.stored.clear()
    found = list(state.found(_LOADED, arriving=sorted(arriving)))
    return {member.response_id: member for member in found}.values()  # one apart may be first and last


def _fate(member: GroupMember) -> dict[str, Any]:
    return {"group_id": member.group_id, "released": member.released}
