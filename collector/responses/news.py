"""What is new: answers that were counted, and comments that came after the first click, for whoever looks out for changes.

Each is noted once, in the transaction that counts it or keeps it, and taken once. What is taken stays for some days as
taken, so that a rollup that is made anew brings none of it back. Imported answers and those of long ago are no news.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Select, and_, bindparam, delete, select
from sqlalchemy.orm import Session

from collector import db, looks, prepared, statements
from collector.db import UtcDateTime
from collector.responses.models import News, Response

What = Literal["score", "comment"]
FRESH = timedelta(days=2)
"""An answer that is told of later, or counted later, is history."""
KEPT = timedelta(days=7)
_SAME = and_(Response.workspace_id == News.workspace_id, Response.response_id == News.response_id)
TOLD = ("touchpoint", "series_id", "journey", "metric", "source", "respondent", "target", "run", "attributes", "day", "received_at", "score", "comment", "hidden_at")  # fmt: skip
"""What is read of an answer, for whoever looks out for changes."""
_ANSWER = Response.__table__.c
_WAITING = (
    select(News.what, News.workspace_id, News.response_id, *[_ANSWER[name] for name in TOLD])
    .select_from(News)
    .outerjoin(Response, _SAME)
    .where(News.taken_at.is_(None))
    .order_by(News.received_at, News.response_id)
    .limit(bindparam("few"))
)
"""The answers of which something is new, as they stand; of those that were erased meanwhile, nothing but their ids."""
_OLD = delete(News).where(News.taken_at < bindparam("kept_since", type_=UtcDateTime))


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
    prepared.send(session, _OLD, [{"kept_since": now - KEPT}])
    return [(each.what, each) for each in found if each.touchpoint is not None]


def are_waiting(session: Session, now: datetime) -> bool:
    """Whether anything is new: a look that locks nothing."""
    return looks.found(session, _untaken, now)


def _untaken(_now: datetime) -> Select[uuid.UUID]:
    return select(News.response_id).where(News.taken_at.is_(None))


def _is_fresh(row: Response, now: datetime) -> bool:
    return row.source != "imported" and row.occurred_at >= now - FRESH


def _mark(session: Session, taken: Sequence[Any], now: datetime) -> None:
    """These and no more: a comment may have been noted beside its score since they were read."""
    of: dict[tuple[uuid.UUID, str], list[uuid.UUID]] = {}
    for each in taken:
        of.setdefault((each.workspace_id, each.what), []).append(each.response_id)
    for (workspace_id, what), ids in sorted(of.items()):
        keys = {"workspace_id": workspace_id, "what": what}
        statements.change_these(session, News, keys, "response_id", ids, taken_at=now)
