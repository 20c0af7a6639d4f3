"""The job that lets go of what a company does not keep any longer, each kind after days of its own.

A station says what it lets go of in its ``retention``: ``old`` finds some of it by an index, ``let_go`` takes it away.
Answers leave the figures too; comments leave the scores, and with them every figure, as they are.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from collector import changes, db, journeys, workspaces
from collector.changes import record
from collector.erasure import answers
from collector.interactions import retention as interactions
from collector.kpis import rollups
from collector.outcomes import retention as outcomes
from collector.responses import Response
from collector.responses import retention as responses
from collector.workspaces import Workspace

ACTOR = "retention"
ANSWERS, RECORD = "keep_answers", "keep_record"
STATIONS = {"keep_comments": responses, "keep_interactions": interactions, "keep_outcomes": outcomes}
"""Setting -> the ``retention`` of the station that it is about."""
AT_ONCE = 500
PREVIEWED = 10_000
"""Up to so many are counted in a preview."""


def let_go(session: Session, now: datetime) -> int:
    """Delete one batch of each company's old answers, out of the figures too, and of its old record; how much went."""
    gone = 0
    for workspace_id, before in _kept(session, ANSWERS, now):
        db.hold(session, rollups.HELD)
        if ids := _old_answers(session, workspace_id, before, answers.AT_ONCE):
            which = and_(Response.workspace_id == workspace_id, Response.response_id.in_(ids))
            gone += answers.remove(session, workspace_id, which, ACTOR, now)
    for name, station in STATIONS.items():
        for workspace_id, before in _kept(session, name, now):
            if n := station.let_go(session, workspace_id, before, AT_ONCE):
                record(session, workspace_id, now, ACTOR, "deleted", station.NOUN, name, None, {"rows": n})
                gone += n
    for workspace_id, before in _kept(session, RECORD, now):
        if n := changes.retention.let_go(session, workspace_id, before):
            record(session, workspace_id, now, ACTOR, "deleted", "record", "record", None, {"rows": n})
            gone += n
    return gone


def are_old(session: Session, now: datetime) -> bool:
    """Whether there is anything to let go of."""
    return (
        any(_old_answers(session, each, before, 1) for each, before in _kept(session, ANSWERS, now))
        or any(
            station.old(session, each, before, 1)
            for name, station in STATIONS.items()
            for each, before in _kept(session, name, now)
        )
        or any(
            changes.retention.is_old(session, each, before) for each, before in _kept(session, RECORD, now)
        )
    )


def preview(
    session: Session, workspace_id: uuid.UUID, days: Mapping[str, int], now: datetime
) -> dict[str, int]:
    """How much would go by now if things were kept for so many days; counted up to ``PREVIEWED``."""
    found = {}
    for name, kept in days.items():
        before = now - timedelta(days=kept)
        if name == ANSWERS and kept:
            found[name] = len(_old_answers(session, workspace_id, before, PREVIEWED))
        elif name in STATIONS and kept:
            found[name] = len(STATIONS[name].old(session, workspace_id, before, PREVIEWED))
    return found


def _kept(session: Session, name: str, now: datetime) -> Iterator[tuple[uuid.UUID, datetime]]:
    """The companies that keep something for a time, and from when on they keep it."""
    for row in session.execute(select(Workspace.workspace_id, Workspace.settings)).all():
        if days := row.settings.get(name, workspaces.company.SETTINGS[name]):
            yield row.workspace_id, now - timedelta(days=days)


def _old_answers(session: Session, workspace_id: uuid.UUID, before: datetime, most: int) -> list[uuid.UUID]:
    """Some of the answers from before a moment; touchpoint by touchpoint, as the index has them."""
    found: list[uuid.UUID] = []
    for key in journeys.every_touchpoint(session, workspace_id):
        here = Response.workspace_id == workspace_id, Response.touchpoint == key
        old = select(Response.response_id).where(*here, Response.occurred_at < before)
        found += session.scalars(old.order_by(Response.occurred_at).limit(most - len(found)))
        if len(found) >= most:
            break
    return found
