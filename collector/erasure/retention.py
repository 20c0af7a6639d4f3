"""The job that lets go of what a company does not keep any longer, each kind after days of its own.

A station says what it lets go of in its ``retention``: ``KIND`` and ``places`` where the old rows are, ``let_go`` takes some
of them away. Answers leave the figures too; comments leave the scores, and with them every figure, as they are.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from collector import changes, db, workspaces
from collector.changes import record
from collector.erasure import answers, old_answers
from collector.interactions import retention as interactions
from collector.kpis import rollups
from collector.old_rows import Old
from collector.outcomes import retention as outcomes
from collector.responses import retention as responses
from collector.workspaces import Workspace

ACTOR = "retention"
ANSWERS, RECORD = "keep_answers", "keep_record"
AT_ONCE = 500
PREVIEWED = 10_000
"""Up to so many are counted in a preview."""
STATIONS: dict[str, Any] = {
    "keep_comments": responses,
    "keep_interactions": interactions,
    "keep_outcomes": outcomes,
}
"""Setting -> the ``retention`` of the station that it is about."""
KEPT: dict[str, Any] = {ANSWERS: old_answers, **STATIONS, RECORD: changes.retention}
"""The same for everything that is kept for a time."""


def let_go(session: Session, now: datetime) -> int:
    """Delete one batch of each company's old answers, out of the figures too, and of its old record; how much went.

    Of two workers at once the second waits for the rows that the first has, and finds what is left of them.
    """
    gone = 0
    for workspace_id, before in _kept(session, ANSWERS, now):
        db.hold(session, rollups.HELD)
        which = _batch(session, ANSWERS, workspace_id, before, answers.AT_ONCE)
        if which is not None:
            gone += answers.remove(session, workspace_id, which, ACTOR, now)
    for name, station in STATIONS.items():
        for workspace_id, before in _kept(session, name, now):
            which = _batch(session, name, workspace_id, before, AT_ONCE)
            if which is not None and (n := station.let_go(session, workspace_id, which, before)):
                record(session, workspace_id, now, ACTOR, "deleted", station.NOUN, name, None, {"rows": n})
                gone += n
    for workspace_id, before in _kept(session, RECORD, now):
        if n := changes.retention.let_go(session, workspace_id, before):
            record(session, workspace_id, now, ACTOR, "deleted", "record", "record", None, {"rows": n})
            gone += n
    return gone


def are_old(session: Session, now: datetime) -> bool:
    """Whether there is anything to let go of."""
    return any(
        changes.retention.is_old(session, workspace_id, before)
        if name == RECORD
        else _batch(session, name, workspace_id, before, 1) is not None
        for name in KEPT
        for workspace_id, before in _kept(session, name, now)
    )


def preview(
    session: Session, workspace_id: uuid.UUID, days: Mapping[str, int], now: datetime
) -> dict[str, Old]:
    """What would go by now if things were kept for so many days: how much, up to ``PREVIEWED``, and since when."""
    return {
        name: KEPT[name].KIND.count(
            session, KEPT[name].places(session, workspace_id), now - timedelta(days=kept), PREVIEWED
        )
        for name, kept in days.items()
        if kept
    }


def _batch(
    session: Session, name: str, workspace_id: uuid.UUID, before: datetime, most: int
) -> ColumnElement[bool] | None:
    found: ColumnElement[bool] | None = KEPT[name].KIND.batch(
        session, KEPT[name].places(session, workspace_id), before, most
    )
    return found


def _kept(session: Session, name: str, now: datetime) -> Iterator[tuple[uuid.UUID, datetime]]:
    """The companies that keep something for a time, and from when on they keep it."""
    for row in session.execute(select(Workspace.workspace_id, Workspace.settings)).all():
        if days := row.settings.get(name, workspaces.company.SETTINGS[name]):
            yield row.workspace_id, now - timedelta(days=days)
