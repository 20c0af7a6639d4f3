"""The cube: counts per score, by whatever a figure is grouped by; one statement over rollup and uncounted answers."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Date, Select, cast, func, literal, select, union_all
from sqlalchemy.orm import Session

from collector import errors
from collector.kpis.models import GroupMember, Rollup
from collector.responses import Response

DIMENSIONS = (
    "series_id",
    "touchpoint",
    "journey",
    "journey_version",
    "channel",
    "persona",
    "variant",
    "source",
)
INTERVALS = ("day", "week", "month")
ATTRIBUTE = "attribute."
"""In front of an attribute's key, this is a dimension too."""
UNCOUNTED = (Response.counted_at.is_(None), Response.score.is_not(None))
SOLICITED = ("solicited", "imported")
PERSONAL = ("persona", "variant")
"""What says who the customers are, beside their attributes."""


@dataclass(frozen=True)
class Slice:
    """Which answers count. Days are the workspace's and both inclusive; None means no bound; staff answers stay out by default.

    ``target``: what the answers are about; answers about a journey never count for its touchpoints.
    ``attribute``: a key and its value. By persona, variant or attribute, only closed groups of five are seen.
    """

    metric: str
    touchpoints: tuple[str, ...] | None = None
    journey: str | None = None
    journey_version: int | None = None
    since: date | None = None
    until: date | None = None
    channel: str | None = None
    persona: str | None = None
    variant: str | None = None
    series_id: uuid.UUID | None = None
    attribute: tuple[str, str] | None = None
    sources: tuple[str, ...] = SOLICITED
    respondent: str = "customer"
    target: str = "touchpoint"


@dataclass(frozen=True)
class Cell:
    """``n`` answers of one score in one group; ``start`` is the first day of its bucket, None without an interval."""

    group: tuple[Any, ...]
    start: date | None
    score: int
    n: int


def read_cells(
    session: Session,
    workspace_id: uuid.UUID,
    chosen: Slice,
    by: Sequence[str] = (),
    interval: str | None = None,
) -> list[Cell]:
    """The cells of a slice, grouped by dimensions (see ``DIMENSIONS``) and by day, week (Monday) or month."""
    both = _answers(workspace_id, chosen, by).subquery()
    start = _bucket(session, both.c.day, interval)
    dimensions = [both.c[name] for name in by]
    query = select(*dimensions, start.label("start"), both.c.score, func.sum(both.c.n)).group_by(
        *dimensions, *([start] if interval else []), both.c.score
    )
    return [
        Cell(tuple(row[:-3]), _as_date(row[-3]), int(row[-2]), at_least_none(row[-1]))
        for row in session.execute(query)
    ]


def at_least_none(n: int) -> int:
    """A count as it may be shown: one below 0 was damaged, shows as 0, and is mended by night (see ``checking``)."""
    return max(0, int(n))


def merge(found: Sequence[Cell]) -> dict[int, int]:
    """Score -> n over all the given cells."""
    merged: dict[int, int] = {}
    for cell in found:
        merged[cell.score] = merged.get(cell.score, 0) + cell.n
    return merged


def _answers(workspace_id: uuid.UUID, chosen: Slice, by: Sequence[str]) -> Select[Any] | CompoundSelect[Any]:
    """What is counted and what is not yet; by who the customers are, only what closed groups have released."""
    person = about_people(chosen, by)
    if person is not None:
        return _released(workspace_id, chosen, by, *person)
    return union_all(_counted(workspace_id, chosen, by), _each(workspace_id, chosen, by).where(*UNCOUNTED))


def about_people(chosen: Slice, by: Sequence[str] = ()) -> tuple[str, str | None] | None:
    """(dimension, category or None for all) of a figure that is split by who the customers are; None for a total.

    Raises 422 for more than one dimension: crossed, their groups would tell of fewer than five people.
    """
    asked: dict[str, str | None] = {name: None for name in by if _is_personal(name)}
    asked |= {name: value for name in PERSONAL if (value := getattr(chosen, name)) is not None}
    if chosen.attribute is not None:
        asked[f"{ATTRIBUTE}{chosen.attribute[0]}"] = chosen.attribute[1]
    if len(asked) > 1:
        raise errors.BadInput(
            "Customers can be told apart by one thing at a time: persona, variant or an attribute.",
            "one_dimension",
        )
    return next(iter(asked.items()), None)


def _is_personal(name: str) -> bool:
    return name in PERSONAL or name.startswith(ATTRIBUTE)


def _released(
    workspace_id: uuid.UUID, chosen: Slice, by: Sequence[str], dimension: str, category: str | None
) -> Select[Any]:
    """Closed groups, each on the day of its release (see ``groups``)."""
    table = GroupMember
    columns = [(table.category if _is_personal(name) else getattr(table, name)).label(name) for name in by]
    plain = replace(chosen, persona=None, variant=None, attribute=None, since=None, until=None)
    query = select(*columns, table.released.label("day"), table.score.label("score"), literal(1).label("n"))
    wanted = [table.workspace_id == workspace_id, table.dimension == dimension, table.released.is_not(None)]
    wanted += [table.category == category] if category is not None else []
    wanted += [table.released >= chosen.since] if chosen.since else []
    wanted += [table.released <= chosen.until] if chosen.until else []
    return query.where(*wanted, *conditions(table, plain))


def _counted(workspace_id: uuid.UUID, chosen: Slice, by: Sequence[str]) -> Select[Any]:
    columns = [getattr(Rollup, name).label(name) for name in by]
    query = select(*columns, Rollup.day.label("day"), Rollup.score.label("score"), Rollup.n.label("n"))
    return query.where(Rollup.workspace_id == workspace_id, *conditions(Rollup, chosen))


def _each(workspace_id: uuid.UUID, chosen: Slice, by: Sequence[str]) -> Select[Any]:
    columns = [filled(Response, name).label(name) for name in by]
    query = select(*columns, Response.day.label("day"), Response.score.label("score"), literal(1).label("n"))
    return query.where(
        Response.workspace_id == workspace_id,
        Response.score.is_not(None),
        *conditions(Response, chosen),
    )


def filled(table: type[Rollup] | type[Response], name: str) -> ColumnElement[Any]:
    """A dimension as the rollup holds it: with an empty string or 0 for none."""
    column: ColumnElement[Any] = getattr(table, name)
    if table is Rollup:
        return column
    if name in {"journey", "channel", "persona", "variant"}:
        return func.coalesce(column, "")
    return func.coalesce(column, 0) if name == "journey_version" else column


def conditions(
    table: type[Rollup] | type[Response] | type[GroupMember], chosen: Slice
) -> list[ColumnElement[bool]]:
    """What a slice demands of the rollup, or of a response with a score."""
    conditions: list[ColumnElement[bool]] = [
        table.metric == chosen.metric,
        table.source.in_([constant(source) for source in chosen.sources]),
        table.respondent == constant(chosen.respondent),
        table.target == constant(chosen.target),
    ]
    for name in ("journey", "journey_version", "channel", "persona", "variant", "series_id"):
        if getattr(chosen, name) is not None:
            conditions.append(getattr(table, name) == getattr(chosen, name))
    if chosen.touchpoints is not None:
        conditions.append(table.touchpoint.in_(chosen.touchpoints))
    if chosen.since is not None:
        conditions.append(table.day >= constant(chosen.since))
    if chosen.until is not None:
        conditions.append(table.day <= constant(chosen.until))
    return conditions


def constant(value: str | int | date) -> ColumnElement[Any]:
    """A value that the program chose, written into the statement: SQLite copies a parameter anew for every row it reads,
    which is a third of the time over a whole workspace."""
    return literal(value, literal_execute=True)


def _bucket(session: Session, day: ColumnElement[Any], interval: str | None) -> ColumnElement[Any]:
    if interval is None:
        return literal(None)
    if session.get_bind().dialect.name == "postgresql":
        return cast(func.date_trunc(literal(interval), day), Date) if interval != "day" else day
    shifts = {"day": [], "week": ["weekday 0", "-6 days"], "month": ["start of month"]}
    return func.date(day, *shifts[interval])


def _as_date(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value
