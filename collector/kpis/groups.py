"""Closed groups of five, kept beside the rollup: what may be shown by who the customers are.

``take`` puts newly counted answers into groups, ``forget`` dissolves the groups of answers about to be erased, and
``released`` is what a comment filter may show. The rules are ``statistics.closed_groups``'s.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cache
from itertools import groupby
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, Table, and_, bindparam, delete, select, true, update
from sqlalchemy.orm import Session

from collector import lists, prepared, statements
from collector.kpis import strata, tallies
from collector.kpis.cube import ATTRIBUTE, PERSONAL
from collector.kpis.models import GroupMember
from collector.kpis.tallies import Stratum
from collector.responses import Response

Known = set[tuple[uuid.UUID, str, uuid.UUID]]
_TABLE = cast("Table", GroupMember.__table__)
_MEMBER = _TABLE.c
_KEY = ("workspace_id", "dimension", "response_id")
_IN_ONE = (_MEMBER.workspace_id == bindparam("workspace_id"), _MEMBER.dimension == bindparam("dimension"))
_MINE = and_(*(_MEMBER[name] == bindparam(f"of_{name}") for name in _KEY))
_GOING = update(_TABLE).where(_MINE).values(tallied=False)
_GONE = delete(_TABLE).where(_MINE)
_MOVED = update(_TABLE).where(_MINE).values(day=bindparam("day"))
_DISSOLVED = (
    update(_TABLE)
    .where(_MEMBER.workspace_id == bindparam("of_workspace_id"), _MEMBER.group_id == bindparam("group"))
    .values(group_id=None, apart=True, released=None)
)


@cache
def _these(dialect: str, *names: str) -> Select[Any]:
    """Columns of the members of one dimension that are of these answers, each found by its whole key.

    PostgreSQL is told to look for one after the other: of many, it would rather read the workspace.
    """
    columns = [_MEMBER[name] for name in names or _MEMBER.keys()]
    if dialect != "postgresql":
        return select(*columns).where(*_IN_ONE, lists.any_of(_MEMBER.response_id, "ids"))
    given = lists.each("ids")
    found = select(*columns).where(*_IN_ONE, _MEMBER.response_id == given.c.id).limit(1).lateral()
    return select(*found.c).select_from(given).join(found, true())


def take(session: Session, rows: Sequence[Response]) -> None:
    """Put answers that are being counted into the groups of each dimension, day by day, in the order they came."""
    found = _members(rows, _known(session, rows))
    for stratum in tallies.by_attribute(session, [each for each in found if each == each.everyone]):
        found.setdefault(stratum, [])  # of whom none has the attribute: its rest has grown all the same
    strata.hold(session, found)
    known: dict[Stratum, tallies.Tally] = {}
    tallied: list[dict[str, Any]] = []
    for stratum in sorted(found):
        members, everyone = found[stratum], found.get(stratum.everyone, [])
        state = strata.load(session, stratum, {member.category for member in members}, known)
        if stratum.is_by_attribute:
            state.without_value += len(everyone) - len(members)
        for day, of_day in groupby(members, key=lambda member: member.day):
            for member in of_day:
                state.arrive(member)
            state.settle(day)
        if not members:
            state.settle(everyone[-1].day)
        state.keep()
        tallied += state.tallied()
    statements.insert_new_rows(session, [member for members in found.values() for member in members])
    tallies.add(session, tallied)


def forget(session: Session, workspace_id: uuid.UUID, erased: ColumnElement[bool]) -> None:
    """Dissolve the groups of answers that are about to be erased; the other four of each stay apart for good.

    The caller holds the rollup, so that nobody takes answers into groups meanwhile.
    """
    columns = (Response.workspace_id, Response.response_id, Response.persona, Response.variant)
    rows = session.execute(select(*columns, Response.attributes).where(erased)).all()
    gone = [statements.unwatched(GroupMember, **row._asdict()) for row in _found(session, rows)]
    if not gone:
        return
    places = {tallies.of(member) for member in gone}
    places.update(tallies.by_attribute(session, places))
    strata.hold(session, places)
    keys = [{f"of_{name}": getattr(member, name) for name in _KEY} for member in gone]
    prepared.send(session, _GOING, keys)  # else the database would hold that nobody has told the tallies
    prepared.send(session, _GONE, keys)
    groups = sorted({member.group_id for member in gone if member.group_id})
    if groups:
        prepared.send(
            session, _DISSOLVED, [{"of_workspace_id": workspace_id, "group": each} for each in groups]
        )
    tallies.take_out(session, gone)
    for stratum in sorted(places):
        state = strata.load(session, stratum)
        state.settle(date.min)
        state.keep()
        tallies.add(session, list(state.tallied()))


def move(session: Session, rows: Sequence[Response]) -> None:
    """Give the members of answers the day that these have now."""
    keys = [
        {"of_workspace_id": row.workspace_id, "of_dimension": dimension, "of_response_id": row.response_id}
        | {"day": row.day}
        for row in rows
        for dimension, _category in _categories(row)
    ]
    if keys:
        prepared.send(session, _MOVED, keys)


def released(workspace_id: uuid.UUID, dimension: str, category: str) -> Select[Any]:
    """The answers in published groups of a category."""
    table = GroupMember
    return select(table.response_id).where(
        table.workspace_id == workspace_id,
        table.dimension == dimension,
        table.category == category,
        table.released.is_not(None),
    )


def _members(rows: Sequence[Response], known: Known) -> dict[Stratum, list[GroupMember]]:
    """Stratum -> its new members, in the order in which they came."""
    found: dict[tuple[Any, ...], dict[str, list[GroupMember]]] = {}
    for row in sorted(rows, key=lambda row: (row.day, row.received_at, row.response_id)):
        answer = _answer(row)
        place = tuple([answer[name] for name in Stratum._fields if name != "dimension"])
        by_dimension = found.setdefault(place, defaultdict(list))
        for dimension, category in _categories(row):
            if not known or (row.workspace_id, dimension, row.response_id) not in known:
                member = statements.unwatched(GroupMember, **answer, dimension=dimension, category=category)
                by_dimension[dimension].append(member)
    return {
        tallies.of(members[0]): members
        for by_dimension in found.values()
        for members in by_dimension.values()
    }


def _categories(row: Response) -> Iterator[tuple[str, str]]:
    yield PERSONAL[0], row.persona or ""
    yield PERSONAL[1], row.variant or ""
    for key, value in (row.attributes or {}).items():
        yield f"{ATTRIBUTE}{key}"[:64], str(value)[:256]


def _answer(row: Response) -> dict[str, Any]:
    """What its members of all dimensions have in common."""
    return {
        "workspace_id": row.workspace_id,
        "response_id": row.response_id,
        "series_id": row.series_id,
        "touchpoint": row.touchpoint,
        "journey": row.journey or "",
        "journey_version": row.journey_version or 0,
        "channel": row.channel or "",
        "source": row.source,
        "respondent": row.respondent,
        "metric": row.metric,
        "target": row.target,
        "day": row.day,
        "score": row.score,
        "group_id": None,
        "apart": False,
        "released": None,
        "tallied": True,
    }


def _known(session: Session, rows: Iterable[Response]) -> Known:
    """Those that stand in a group already: a rebuilt rollup counts them anew, their groups stay as they are."""
    return {tuple(row) for row in _found(session, rows, *_KEY)}


def _found(session: Session, rows: Iterable[Any], *names: str) -> list[Any]:
    """The members that answers are, in every dimension; these columns of them, or all."""
    ids: dict[tuple[uuid.UUID, str], list[uuid.UUID]] = defaultdict(list)
    for row in rows:
        for dimension, _category in _categories(row):
            ids[row.workspace_id, dimension].append(row.response_id)
    given = [
        {"workspace_id": workspace_id, "dimension": dimension, "ids": each}
        for (workspace_id, dimension), each in ids.items()
    ]
    statement = _these(session.get_bind().dialect.name, *names)
    return prepared.send(session, statement, given) if given else []
