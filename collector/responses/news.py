"""What is new: answers that were counted, and comments that came after the first click, for whoever looks out for changes.

Each is noted once, in the transaction that counts it or keeps it, and taken once. What is taken stays for some days as
taken, so that a rollup that is made anew brings none of it back. Imported answers and those of long ago are no news.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Select, and_, bindparam, delete, select, update
from sqlalchemy.orm import Session

from collector import db, looks, prepared, statements
from collector.responses.models import News, Response

What = Literal["score", "comment"]
FRESH = timedelta(days=2)
"""An answer that is told of later, or counted later, is history."""
KEPT = timedelta(days=7)
_SAME = and_(Response.workspace_id == News.workspace_id, Response.response_id == News.response_id)
_ANSWER = Response.__table__.c
_WAITING = (
    select(News.what, News.workspace_id.label("noted_in"), News.response_id.label("noted"), *_ANSWER)
    .select_from(News)
    .outerjoin(Response, _SAME)
    .where(News.taken_at.is_(None))
    .order_by(News.received_at, News.response_id)
    .limit(bindparam("few"))
)
"""The answers of which something is new, as they stand; of those that were erased meanwhile, nothing."""


def note(session: Session, rows: Sequence[Response], what: What, now: datetime) -> None:
    """Note what has just been counted (``score``), or has been added to an answer (``comment``)."""
    made = [
        {
            "workspace_id": row.workspace_id,
            "response_id": row.response_id,
            "what": what,
            "received_at": row.received_at,
        }
        for row in rows
        if _is_fresh(row, now)
    ]
    statements.insert_new_values(session, News, made)


def take(session: Session, now: datetime, batch: int) -> list[tuple[str, Response]]:
    """What is new, in the order in which it was received; it counts as taken when the transaction is committed.

    One at a time takes, because the order of answers tells. Answers that were erased meanwhile are taken too, and left
    out.
    """
    db.hold(session, "news")
    found = prepared.send(session, _WAITING, [{"few": batch}])
    _mark(session, found, now)
    session.execute(delete(News).where(News.taken_at < now - KEPT))
    return [(each.what, each) for each in found if each.response_id is not None]


def are_waiting(session: Session, now: datetime) -> bool:
    """Whether anything is new: a look that locks nothing."""
    return looks.found(session, _untaken, now)


def _untaken(_now: datetime) -> Select[uuid.UUID]:
    return select(News.response_id).where(News.taken_at.is_(None))


def _is_fresh(row: Response, now: datetime) -> bool:
    return row.source != "imported" and row.occurred_at >= now - FRESH


def _mark(session: Session, taken: Sequence[Any], now: datetime) -> None:
    by_workspace: dict[uuid.UUID, list[uuid.UUID]] = {}
    for each in taken:
        by_workspace.setdefault(each.noted_in, []).append(each.noted)
    for workspace_id, ids in by_workspace.items():
        mine = News.workspace_id == workspace_id, News.response_id.in_(ids), News.taken_at.is_(None)
        whats = sorted({each.what for each in taken})
        session.execute(
            update(News)
            .where(*mine, News.what.in_(whats))
            .values(taken_at=now)
            .execution_options(synchronize_session=False)
        )
