"""A flood of feedback that nobody asked for: what comes above the limits is kept, and held apart.

It stands in a table of its own, so that no figure, list or export can read it by mistake. Somebody in charge lets it
in, or throws it away; that it began is in the record.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, and_, delete, func, select
from sqlalchemy.orm import Session

from collector import db, statements
from collector.changes import record
from collector.responses import announcing
from collector.responses.models import HeldResponse, Response

Over = Callable[[Session, uuid.UUID, str, str, datetime], str | None]
"""(session, workspace, touchpoint, page, now) -> the limit that one more answer is above; None where it may stand."""

ACTOR = "collector"
BEGINS_AGAIN = timedelta(hours=1)
"""After so much quiet at a touchpoint, what is held there is told as a new flood."""
LONGEST_PAGE = 300
BATCH = 200
NOT_YET = {"counted_at": None, "hidden_at": None}
COLUMNS = tuple(
    column.key for column in Response.__table__.columns if column.key in HeldResponse.__table__.columns
)


def page_of(url: str) -> str:
    """The address of a page as the limit counts it: host and path, since a query is easily made up."""
    try:
        parts = urlsplit(url)
        return f"{parts.hostname or ''}{parts.path.rstrip('/')}"[:LONGEST_PAGE]
    except ValueError:
        return url[:LONGEST_PAGE]


@dataclass(frozen=True)
class Flood:
    """That an answer is one of a flood: the limit it is above, and the page it was given on."""

    over: str
    page: str


def flood(session: Session, columns: Mapping[str, Any], over: Over, now: datetime) -> Flood | None:
    """Whether a new answer is one of a flood; only what nobody asked for can be."""
    if columns["source"] != "volunteered":
        return None
    page = page_of(columns["context"].get("url", ""))
    limit = over(session, columns["workspace_id"], columns["touchpoint"], page, now)
    return Flood(limit, page) if limit else None


def hold(session: Session, columns: Mapping[str, Any], found: Flood, now: datetime) -> bool:
    """Keep an answer apart; False where another request has kept one under its invitation already."""
    workspace_id, touchpoint = columns["workspace_id"], columns["touchpoint"]
    begins = _is_quiet(session, workspace_id, touchpoint, now)
    row = {**{name: columns[name] for name in COLUMNS}, "page": found.page, "over": found.over}
    if not statements.insert_new_values(session, HeldResponse, [row]):
        return False
    if begins:
        said = {"limit": found.over, "page": found.page}
        record(session, workspace_id, now, ACTOR, "held", "feedback", touchpoint, None, said)
    return True


def counts(session: Session, workspace_id: uuid.UUID) -> dict[str, int]:
    """touchpoint -> how many are held there, as far as the session's reader may see."""
    query = select(HeldResponse.touchpoint, func.count()).where(HeldResponse.workspace_id == workspace_id)
    return {touchpoint: int(n) for touchpoint, n in session.execute(query.group_by(HeldResponse.touchpoint))}


def held(
    session: Session, workspace_id: uuid.UUID, touchpoint: str | None, after: uuid.UUID | None, limit: int
) -> tuple[list[HeldResponse], uuid.UUID | None]:
    """Those that are held, by id; and where the next page begins."""
    query = select(HeldResponse).where(HeldResponse.workspace_id == workspace_id)
    if touchpoint is not None:
        query = query.where(HeldResponse.touchpoint == touchpoint)
    if after is not None:
        query = query.where(HeldResponse.response_id > after)
    found = list(session.scalars(query.order_by(HeldResponse.response_id).limit(limit + 1)))
    return found[:limit], found[limit - 1].response_id if len(found) > limit else None


def newest(session: Session, workspace_id: uuid.UUID, touchpoint: str, limit: int) -> list[HeldResponse]:
    which = _which(workspace_id, touchpoint, None)
    query = select(HeldResponse).where(which).order_by(HeldResponse.received_at.desc()).limit(limit)
    return list(session.scalars(query))


def release(
    session: Session,
    workspace_id: uuid.UUID,
    touchpoint: str,
    only: Collection[uuid.UUID] | None,
    by: str,
    now: datetime,
) -> int:
    """Let what is held at a touchpoint in (all of it, or ``only`` some): from now on it counts. How many."""
    found = list(
        session.scalars(db.lock(session, select(HeldResponse).where(_which(workspace_id, touchpoint, only))))
    )
    for first in range(0, len(found), BATCH):
        some = found[first : first + BATCH]
        rows = [{**{name: getattr(row, name) for name in COLUMNS}, **NOT_YET} for row in some]
        statements.insert_new_values(session, Response, rows)
        announcing.stored(session, rows, now)
    return _end(session, workspace_id, touchpoint, [row.response_id for row in found], "released", by, now)


def discard(
    session: Session,
    workspace_id: uuid.UUID,
    touchpoint: str,
    only: Collection[uuid.UUID] | None,
    by: str,
    now: datetime,
) -> int:
    """Throw away what is held at a touchpoint; how many."""
    query = select(HeldResponse.response_id).where(_which(workspace_id, touchpoint, only))
    return _end(session, workspace_id, touchpoint, list(session.scalars(query)), "discarded", by, now)


def _end(
    session: Session,
    workspace_id: uuid.UUID,
    touchpoint: str,
    ids: Collection[uuid.UUID],
    verb: str,
    by: str,
    now: datetime,
) -> int:
    n = db.erased(session, delete(HeldResponse).where(_which(workspace_id, touchpoint, ids))) if ids else 0
    if n:
        record(session, workspace_id, now, by, verb, "feedback", touchpoint, None, {"answers": n})
    return n


def _which(
    workspace_id: uuid.UUID, touchpoint: str, only: Collection[uuid.UUID] | None
) -> ColumnElement[bool]:
    here = and_(HeldResponse.workspace_id == workspace_id, HeldResponse.touchpoint == touchpoint)
    return here if only is None else and_(here, HeldResponse.response_id.in_(only))


def _is_quiet(session: Session, workspace_id: uuid.UUID, touchpoint: str, now: datetime) -> bool:
    lately = HeldResponse.received_at > now - BEGINS_AGAIN
    query = select(HeldResponse.response_id).where(_which(workspace_id, touchpoint, None), lately)
    return session.scalars(query.limit(1)).first() is None
