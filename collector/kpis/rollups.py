"""Rollups: answers counted into cells, in the background; to be dropped and rebuilt at will.

A response is counted once: its ``counted_at`` and the cell's ``n`` change in one transaction. Figures read the
rollup and the few answers not yet counted in one statement, so they are never stale and never double.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, or_, select
from sqlalchemy.orm import Session

from collector import db, looks, prepared, statements
from collector.db import UtcDateTime
from collector.kpis import groups
from collector.kpis.models import Rollup
from collector.responses import SECOND_THOUGHT, Response, news

BATCH = 500
"""Few enough that what else wants to be written goes between."""
HELD = "rollup"
"""Held together by all who count, alone by who takes answers out or begins anew: see ``db.hold``."""
KEY = ("workspace_id", "series_id", "touchpoint", "journey", "journey_version", "channel", "persona", "variant", "source", "respondent", "day", "score")  # fmt: skip
COLUMNS = (*KEY, "metric", "target")
NONE: dict[str, Any] = {"journey": "", "journey_version": 0, "channel": "", "persona": "", "variant": ""}
"""What a cell says where an answer says nothing, because a key may not hold NULL."""
_of_answer = attrgetter(*COLUMNS)
READ = (*COLUMNS, "response_id", "attributes", "received_at", "occurred_at")


def count(session: Session, now: datetime, batch: int = BATCH) -> int:
    """Count up to ``batch`` answers that are not counted yet; the number counted. Safe with several at once.

    A score that its customer may still change is left for later.
    """
    db.hold(session, HELD, shared=True)
    query = _few_uncounted(session.get_bind().dialect.name)
    rows: list[Response] = prepared.send(session, query, [{"until": now - SECOND_THOUGHT, "few": batch}])
    if rows:
        groups.take(session, rows)
        add(session, Counter(cell_of(row) for row in rows))
        _mark(session, rows, now)
        news.note(session, rows, "score", now)
    return len(rows)


def are_waiting(session: Session, now: datetime) -> bool:
    """Whether any answer is not counted yet: a look that locks nothing."""
    return looks.found(session, _uncounted, now - SECOND_THOUGHT)


def _uncounted(until: Any) -> Select[uuid.UUID]:
    """Those whose customers have said all, or have had their second thoughts since ``until``."""
    settled = or_(Response.complete, Response.received_at <= until)
    return select(Response.response_id).where(
        Response.counted_at.is_(None), Response.score.is_not(None), settled
    )


@cache
def _few_uncounted(dialect: str) -> Select[Any]:
    """What is counted of ``few`` answers, locked; those that somebody else counts are left out."""
    uncounted = _uncounted(bindparam("until", type_=UtcDateTime))
    found = uncounted.with_only_columns(*[getattr(Response, name) for name in READ]).limit(bindparam("few"))
    return found.with_for_update(skip_locked=True) if dialect == "postgresql" else found


def uncount(session: Session, erased: ColumnElement[bool]) -> int:
    """Take counted answers out of the cells, because they are about to be erased; how many there were.

    Until the transaction ends nobody else counts, so that what is erased is what was taken out.
    """
    db.hold(session, HELD)
    counted = select(Response).where(erased, Response.counted_at.is_not(None))
    rows = session.scalars(counted.execution_options(populate_existing=True))
    cells = Counter(cell_of(row) for row in rows)
    add(session, cells, sign=-1)
    return cells.total()


def cell_of(row: Response) -> tuple[Any, ...]:
    """The cell that an answer is counted in, as the columns of ``COLUMNS``."""
    return tuple(
        [
            NONE.get(name) if value is None else value
            for name, value in zip(COLUMNS, _of_answer(row), strict=True)
        ]
    )


def add(session: Session, cells: Counter[tuple[Any, ...]], sign: int = 1) -> None:
    """Add counts to cells, in one order, so that two workers never wait for one another in a ring."""
    rows = [
        dict(zip(COLUMNS, cell, strict=True)) | {"n": sign * n} for cell, n in sorted(cells.items(), key=repr)
    ]
    if rows:
        prepared.send(session, _adding(session.get_bind().dialect.name), rows)


@cache
def _adding(dialect: str) -> Any:
    made = db.insert_of(dialect, Rollup)
    return made.on_conflict_do_update(index_elements=KEY, set_={"n": Rollup.n + made.excluded.n})


def _mark(session: Session, rows: Sequence[Response], now: datetime) -> None:
    of: dict[uuid.UUID, list[uuid.UUID]] = {}
    for row in rows:
        of.setdefault(row.workspace_id, []).append(row.response_id)
    for workspace_id, ids in of.items():
        keys = {"workspace_id": workspace_id}
        statements.change_these(session, Response, keys, "response_id", ids, counted_at=now)
