"""Closed groups of five, kept beside the rollup: what may be shown by who the customers are.

``take`` puts newly counted answers into groups, ``forget`` dissolves the groups of answers about to be erased, and
``released`` is what a comment filter may show. The rules are ``statistics.closed_groups``'s.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, delete, select
from sqlalchemy.orm import Session

from collector import lists, prepared, statements
from collector.kpis import strata
from collector.kpis.models import GroupMember
from collector.kpis.strata import ATTRIBUTE, Stratum
from collector.responses import Response

Known = set[tuple[uuid.UUID, str, uuid.UUID]]
_MEMBER = GroupMember.__table__.c
_KNOWN = select(_MEMBER.workspace_id, _MEMBER.dimension, _MEMBER.response_id).where(
    _MEMBER.workspace_id == bindparam("workspace_id"),
    _MEMBER.dimension == bindparam("dimension"),
    lists.any_of(_MEMBER.response_id, "ids"),
)
"""By the whole key: without the dimension, which stands before the answer there, all members would be read."""


def take(session: Session, rows: Sequence[Response]) -> None:
    """Put answers that are being counted into the groups of each dimension, day by day, in the order they came."""
    found = _members(rows, _known(session, rows))
    for stratum in sorted(found):  # one order, so that two workers never wait for one another in a ring
        members = found[stratum]
        state = strata.load(session, stratum)
        if stratum.is_by_attribute:
            state.without_value += len(found.get(stratum.everyone, ())) - len(members)
        for day, of_day in groupby(members, key=lambda member: member.day):
            for member in of_day:
                state.arrive(member)
            state.settle(day)
        state.keep()
    statements.insert_new_rows(session, [member for members in found.values() for member in members])


def forget(session: Session, workspace_id: uuid.UUID, erased: ColumnElement[bool]) -> None:
    """Dissolve the groups of answers that are about to be erased; the other four of each stay apart for good.

    The caller holds the rollup, so that nobody takes answers into groups meanwhile.
    """
    table = GroupMember
    ids = select(Response.response_id).where(erased)
    mine = (table.workspace_id == workspace_id, table.response_id.in_(ids))
    as_they_are = {"populate_existing": True}  # what is taken and settled passes the session by
    gone = session.scalars(select(table).where(*mine).execution_options(**as_they_are)).all()
    places = sorted({_stratum(member) for member in gone})
    groups = {member.group_id for member in gone if member.group_id}
    session.execute(delete(table).where(*mine))
    others = select(table).where(table.workspace_id == workspace_id, table.group_id.in_(groups))
    for left in session.scalars(others.execution_options(**as_they_are)):
        left.group_id, left.apart, left.released = None, True, None
    session.flush()
    for stratum in places:
        state = strata.load(session, stratum)
        state.settle(date.min)
        state.keep()


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
        _stratum(members[0]): members for by_dimension in found.values() for members in by_dimension.values()
    }


def _categories(row: Response) -> Iterator[tuple[str, str]]:
    yield "persona", row.persona or ""
    yield "variant", row.variant or ""
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
    }


def _stratum(member: GroupMember) -> Stratum:
    return Stratum(*(getattr(member, name) for name in Stratum._fields))


def _known(session: Session, rows: Iterable[Response]) -> Known:
    """Those that stand in a group already: a rebuilt rollup counts them anew, their groups stay as they are."""
    of: dict[tuple[uuid.UUID, str], list[uuid.UUID]] = defaultdict(list)
    for row in rows:
        for dimension, _category in _categories(row):
            of[row.workspace_id, dimension].append(row.response_id)
    found: Known = set()
    for (workspace_id, dimension), ids in of.items():
        given = {"workspace_id": workspace_id, "dimension": dimension, "ids": ids}
        found |= {tuple(row) for row in prepared.send(session, _KNOWN, [given])}
    return found
