"""Verbs for answers that should not stand: hidden from readers, or deleted; one, or all that fit (a flood of spam)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, select, update
from sqlalchemy.orm import Session

from collector import db, responses, signals
from collector.changes import record
from collector.kpis import groups, rollups
from collector.responses import Response
from collector.workspaces import sight

AT_ONCE = 1000
"""So many are deleted in one transaction: whole or not at all, and nobody waits long for it."""


def one(session: Session, workspace_id: uuid.UUID, response_id: uuid.UUID) -> ColumnElement[bool]:
    """One answer in the session's scope; raises 404."""
    with sight.unsealed(session):
        row = responses.find(session, workspace_id, response_id)
    return and_(Response.workspace_id == workspace_id, Response.response_id == row.response_id)


def fitting(workspace_id: uuid.UUID, where: Mapping[str, Any]) -> ColumnElement[bool]:
    """All answers at a touchpoint from one source, received in some stretch of time (its end is not in it)."""
    return and_(
        Response.workspace_id == workspace_id,
        Response.touchpoint == where["touchpoint"],
        Response.source == where["source"],
        Response.received_at >= where["since"],
        Response.received_at < where["until"],
    )


def hide(
    session: Session,
    workspace_id: uuid.UUID,
    which: ColumnElement[bool],
    hidden: bool,
    by: str,
    now: datetime,
) -> int:
    """Take words out of every reader's sight, or back into it; the score still counts. How many answers changed."""
    stands = Response.hidden_at.is_(None) if hidden else Response.hidden_at.is_not(None)
    changed = update(Response).where(which, stands).values(hidden_at=now if hidden else None)
    n = int(session.execute(changed.execution_options(synchronize_session="fetch")).rowcount)  # type: ignore[attr-defined]
    if n:
        verb = "hid" if hidden else "showed"
        record(session, workspace_id, now, by, verb, "response", _name(session, which), None, {"answers": n})
    return n


def remove(
    session: Session, workspace_id: uuid.UUID, which: ColumnElement[bool], by: str, now: datetime
) -> int:
    """Delete answers, out of the figures too; how many went. Their invitations stay answered."""
    name = _name(session, which)
    with sight.unsealed(session):
        signals.forget.forget_answers(session, workspace_id, which)
        rollups.uncount(session, which)
        groups.forget(session, workspace_id, which)
        n = db.erased(session, delete(Response).where(which))
    if n:
        record(session, workspace_id, now, by, "deleted", "response", name, None, {"answers": n})
    return n


def remove_fitting(
    session: Session, workspace_id: uuid.UUID, which: ColumnElement[bool], by: str, now: datetime
) -> tuple[int, int]:
    """Delete answers that fit, at most ``AT_ONCE``, the oldest first; (how many went, how many are left).

    Whoever is second of two at once finds what the first has left: the rollup is held before any is chosen.
    """
    db.hold(session, rollups.HELD)
    oldest = select(Response.response_id).where(which).order_by(Response.received_at, Response.response_id)
    with sight.unsealed(session):
        ids = session.scalars(oldest.limit(AT_ONCE)).all()
        gone = (
            remove(session, workspace_id, and_(which, Response.response_id.in_(ids)), by, now) if ids else 0
        )
        return gone, session.scalar(select(func.count()).select_from(Response).where(which)) or 0


def _name(session: Session, which: ColumnElement[bool]) -> str:
    """Under what this stands in the record: the answer's id, of several the touchpoint they were given at."""
    query = select(func.count(), func.min(Response.touchpoint)).where(which)
    with sight.unsealed(session):
        count, touchpoint = session.execute(query).one()
        only = session.scalars(select(Response.response_id).where(which).limit(1)).first()
    return str(only) if count == 1 else touchpoint or "none"
