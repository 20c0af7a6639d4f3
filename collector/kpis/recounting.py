"""Counting anew: what the answers say beside what the rollup holds, piece by piece; what differs is mended. So are the
tallies of closed groups, stratum by stratum.

A piece is some days of one touchpoint. Both sides are read in one statement, so at one moment, and nothing is locked
unless they differ: answers come in and figures are read meanwhile.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select, union_all
from sqlalchemy.orm import Session, sessionmaker

from collector import db
from collector.kpis import rollups, tallies
from collector.kpis.models import Rollup
from collector.responses import Response

LARGE = 50_000
"""About so many answers in a piece: a second's work, for whoever wants to count or to erase meanwhile."""
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Piece:
    """Days of one touchpoint, both inclusive, and about how many answers they have."""

    workspace_id: uuid.UUID
    touchpoint: str
    first: date
    last: date
    answers: int = 0


@dataclass(frozen=True)
class Recounted:
    """How far a rebuild is: of so many answers (or weeks of asks) so many are done; so many cells and tallies were wrong."""

    total: int = 0
    done: int = 0
    mended: int = 0


def rebuild(sessions: sessionmaker[Session], workspace_id: uuid.UUID) -> Iterator[Recounted]:
    """Count all answers of a workspace anew that are counted, and tell after each piece how far it is.

    Each piece is mended in a transaction of its own, so that it may be stopped at any time. An empty rollup is filled;
    answers that wait to be counted stay the worker's.
    """
    readers = db.make_readers(sessions)
    with readers() as reader:
        found = pieces(reader, workspace_id)
        wrong = [each for each in tallies.all_of(reader, workspace_id) if tallies.is_wrong(reader, each)]
    answers, done, mended = sum(piece.answers for piece in found), 0, 0
    for stratum in wrong:
        with sessions.begin() as session:
            db.hold(session, rollups.HELD)
            mended += tallies.mend(session, [stratum])
    for piece in found:
        with readers() as reader:
            is_wrong = bool(differences(reader, piece))
        if is_wrong:
            with sessions.begin() as session:
                mended += mend(session, piece)["cells"]
        done += piece.answers
        yield Recounted(answers, done, mended)


def mend(session: Session, piece: Piece) -> Counter[str]:
    """Make the rollup say what the answers say; how many ``cells`` were wrong, and by how many ``answers``."""
    db.hold(session, rollups.HELD)
    wrong = differences(session, piece)
    rollups.add(session, wrong)
    return Counter(cells=len(wrong), answers=sum(map(abs, wrong.values())))


def differences(session: Session, piece: Piece) -> Counter[tuple[Any, ...]]:
    """Cell -> what must be added to it to be right; nothing where all is."""
    both = union_all(_said(piece), _held(piece)).subquery()
    cell = [both.c[name] for name in rollups.COLUMNS]
    n = func.sum(both.c.n)
    return Counter({tuple(row[:-1]): int(row[-1]) for row in session.execute(
        select(*cell, n).group_by(*cell).having(n != 0)
    )})  # fmt: skip


def _said(piece: Piece) -> Select[Any]:
    """A row for each counted answer, in the columns of a cell."""
    columns = [_of_answer(name).label(name) for name in rollups.COLUMNS]
    return select(*columns, literal(1).label("n")).where(
        Response.workspace_id == piece.workspace_id,
        Response.touchpoint == piece.touchpoint,
        Response.day.between(piece.first, piece.last),
        Response.occurred_at.between(
            _at(piece.first) - A_DAY, _at(piece.last) + 2 * A_DAY
        ),  # as the index has them
        Response.counted_at.is_not(None),
    )


def _held(piece: Piece) -> Select[Any]:
    columns = [getattr(Rollup, name) for name in rollups.COLUMNS]
    return select(*columns, (-Rollup.n).label("n")).where(
        Rollup.workspace_id == piece.workspace_id,
        Rollup.touchpoint == piece.touchpoint,
        Rollup.day.between(piece.first, piece.last),
    )


def _of_answer(name: str) -> ColumnElement[Any]:
    column = getattr(Response, name)
    return func.coalesce(column, rollups.NONE[name]) if name in rollups.NONE else column


def pieces(session: Session, workspace_id: uuid.UUID) -> list[Piece]:
    """All days of all touchpoints that have answers or cells."""
    answered = select(
        Response.touchpoint, func.count(), func.min(Response.occurred_at), func.max(Response.occurred_at)
    )
    counted = select(Rollup.touchpoint, func.min(Rollup.day), func.max(Rollup.day))
    spans = {
        touchpoint: (n, (first - A_DAY).date(), (last + A_DAY).date())
        for touchpoint, n, first, last in session.execute(
            answered.where(Response.workspace_id == workspace_id).group_by(Response.touchpoint)
        )
    }
    for touchpoint, first, last in session.execute(
        counted.where(Rollup.workspace_id == workspace_id).group_by(Rollup.touchpoint)
    ):
        n, since, until = spans.get(touchpoint, (0, first, last))
        spans[touchpoint] = n, min(first, since), max(last, until)
    return [
        piece
        for touchpoint, (n, first, last) in sorted(spans.items())
        for piece in _cut(Piece(workspace_id, touchpoint, first, last, n))
    ]


def _cut(whole: Piece) -> Iterator[Piece]:
    """As many days at a time as have about ``LARGE`` answers, were they the same each day."""
    days = (whole.last - whole.first).days + 1
    each = max(1, days * LARGE // max(whole.answers, 1))
    for start in range(0, days, each):
        end = min(start + each, days)
        first, last = (whole.first + timedelta(days=day) for day in (start, end - 1))
        answers = whole.answers * end // days - whole.answers * start // days
        yield Piece(whole.workspace_id, whole.touchpoint, first, last, answers)


def _at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
