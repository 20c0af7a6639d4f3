"""Closed groups of five, kept beside the rollup: what may be shown by who the customers are.

``take`` puts newly counted answers into groups, ``forget`` dissolves the groups of answers about to be erased, and
``released`` is what a comment filter may show. The rules are ``statistics.closed_groups``'s.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, delete, func, select
from sqlalchemy.orm import Session

from collector import clock, db, statements
from collector.kpis.models import GroupMember
from collector.responses import Response
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

    def conditions(self) -> list[ColumnElement[bool]]:
        return [getattr(GroupMember, name) == value for name, value in self._asdict().items()]


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
        table = GroupMember
        mine = (*self.stratum.conditions(), table.category == category, table.group_id.is_not(None))
        newest = self.session.scalar(
            select(table.group_id).where(*mine).order_by(table.group_id.desc()).limit(1)
        )
        if newest is None:
            return None
        members = self.session.scalars(
            select(table).where(table.workspace_id == self.stratum.workspace_id, table.group_id == newest)
        )
        group = Group(list(members))
        self.loaded.append(group)
        return group


def take(session: Session, rows: Sequence[Response]) -> None:
    """Put answers that are being counted into the groups of each dimension, day by day, in the order they came."""
    found: dict[Stratum, list[GroupMember]] = defaultdict(list)
    known = _known(session, rows)
    for row in sorted(rows, key=lambda row: (row.day, row.received_at, row.response_id)):
        for dimension, category in _categories(row):
            if (row.workspace_id, dimension, row.response_id) not in known:
                found[_stratum_of(row, dimension)].append(_member(row, dimension, category))
    for stratum in sorted(found):  # one order, so that two workers never wait for one another in a ring
        members = found[stratum]
        state = _load(session, stratum)
        state.without_value += (
            len(found.get(_everyone(stratum), ())) - len(members) if _is_attribute(stratum) else 0
        )
        for day, of_day in groupby(members, key=lambda member: member.day):
            for member in of_day:
                state.arrive(member)
            state.settle(day)
    statements.insert_new_rows(session, [member for members in found.values() for member in members])
    session.flush()


def _is_attribute(stratum: Stratum) -> bool:
    return stratum.dimension.startswith(ATTRIBUTE)


def _everyone(stratum: Stratum) -> Stratum:
    """The same place by a dimension in which every answer stands."""
    return stratum._replace(dimension=DIMENSIONS[0])


def forget(session: Session, workspace_id: uuid.UUID, erased: ColumnElement[bool]) -> None:
    """Dissolve the groups of answers that are about to be erased; the other four of each stay apart for good.

    The caller holds the rollup, so that nobody takes answers into groups meanwhile.
    """
    table = GroupMember
    ids = select(Response.response_id).where(erased)
    mine = (table.workspace_id == workspace_id, table.response_id.in_(ids))
    gone = session.scalars(select(table).where(*mine)).all()
    strata = sorted({_stratum(member) for member in gone})
    groups = {member.group_id for member in gone if member.group_id}
    session.execute(delete(table).where(*mine))
    for left in session.scalars(
        select(table).where(table.workspace_id == workspace_id, table.group_id.in_(groups))
    ):
        left.group_id, left.apart, left.released = None, True, None
    session.flush()
    for stratum in strata:
        _load(session, stratum).settle(date.min)
    session.flush()


def released(workspace_id: uuid.UUID, dimension: str, category: str) -> Select[Any]:
    """The answers in published groups of a category."""
    table = GroupMember
    return select(table.response_id).where(
        table.workspace_id == workspace_id,
        table.dimension == dimension,
        table.category == category,
        table.released.is_not(None),
    )


def _categories(row: Response) -> Iterator[tuple[str, str]]:
    yield "persona", row.persona or ""
    yield "variant", row.variant or ""
    for key, value in (row.attributes or {}).items():
        yield f"{ATTRIBUTE}{key}"[:64], str(value)[:256]


def _member(row: Response, dimension: str, category: str) -> GroupMember:
    return statements.unwatched(
        GroupMember,
        workspace_id=row.workspace_id,
        dimension=dimension,
        response_id=row.response_id,
        category=category,
        series_id=row.series_id,
        touchpoint=row.touchpoint,
        journey=row.journey or "",
        journey_version=row.journey_version or 0,
        channel=row.channel or "",
        source=row.source,
        respondent=row.respondent,
        metric=row.metric,
        target=row.target,
        day=row.day,
        score=row.score,
        group_id=None,
        apart=False,
        released=None,
    )


def _stratum_of(row: Response, dimension: str) -> Stratum:
    return Stratum(
        row.workspace_id,
        dimension,
        row.series_id,
        row.touchpoint,
        row.journey or "",
        row.journey_version or 0,
        row.channel or "",
        row.source,
        row.respondent,
    )


def _stratum(member: GroupMember) -> Stratum:
    return Stratum(*(getattr(member, name) for name in Stratum._fields))


def _known(session: Session, rows: Iterable[Response]) -> set[tuple[uuid.UUID, str, uuid.UUID]]:
    """Those that stand in a group already: a rebuilt rollup counts them anew, their groups stay as they are."""
    table = GroupMember
    ids: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    for row in rows:
        ids[row.workspace_id].append(row.response_id)
    found: set[tuple[uuid.UUID, str, uuid.UUID]] = set()
    for workspace_id, mine in ids.items():
        query = select(table.dimension, table.response_id).where(
            table.workspace_id == workspace_id, table.response_id.in_(mine)
        )
        found |= {(workspace_id, dimension, response_id) for dimension, response_id in session.execute(query)}
    return found


def _load(session: Session, stratum: Stratum) -> State:
    db.hold(session, stratum)
    table, state = GroupMember, State(session, stratum)
    back = select(table).where(*stratum.conditions(), table.released.is_(None))
    groups: dict[uuid.UUID, list[GroupMember]] = defaultdict(list)
    for member in session.scalars(back.order_by(table.day, table.response_id)):
        if member.group_id is not None:
            groups[member.group_id].append(member)
        elif member.apart:
            state.apart[member.category] += 1
        else:
            state.waiting[member.category].append(member)
    state.loaded = [Group(members) for _, members in sorted(groups.items())]
    counts = select(table.category, func.count(), func.max(table.released)).where(
        *stratum.conditions(), table.group_id.is_not(None)
    )
    for category, n, last in session.execute(counts.group_by(table.category)):
        state.closed[category] = n // SIZE
        state.day = max(state.day, last or date.min)
    if _is_attribute(stratum):
        state.without_value = _count(session, _everyone(stratum)) - _count(session, stratum)
    return state


def _count(session: Session, stratum: Stratum) -> int:
    return session.scalar(select(func.count()).select_from(GroupMember).where(*stratum.conditions())) or 0
