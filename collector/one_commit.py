"""One transaction for what several requests have queued up: it stands for all of them, or each is taken alone."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar, cast

import structlog
from sqlalchemy import text
from sqlalchemy.orm import Session, sessionmaker

from collector import db, places

log = structlog.get_logger("collector.one_commit")
Job = TypeVar("Job")
Outcome = TypeVar("Outcome")
"""What a job came to; None is one of them: it must be taken alone."""
SHORTLY = "SET LOCAL lock_timeout = '250ms'"
"""No longer do many wait for a row that one of them needs and somebody else has locked; that one may, alone."""


def by_workspace(placed: Iterable[tuple[int, uuid.UUID]]) -> dict[uuid.UUID, list[int]]:
    """Workspace -> the places of its jobs, always in one order of workspaces, so that two processes never wait in a ring."""
    places: dict[uuid.UUID, list[int]] = defaultdict(list)
    for place, workspace_id in placed:
        places[workspace_id].append(place)
    return dict(sorted(places.items()))


def write(
    sessions: sessionmaker[Session],
    waiting: Callable[[], list[Job]],
    take: Callable[[Session, Sequence[Job]], list[Outcome]],
    what: str,
) -> list[Outcome]:
    """What ``take`` makes of the jobs that wait, committed; where it fails for one's sake, None for each: take it alone.

    Raises what the database's state is to blame for: that would fail alone as well.
    """
    with sessions() as session:
        session.connection()  # begins: who comes until it is our turn is taken along
        jobs = waiting()
        try:
            if len(jobs) > 1 and session.get_bind().dialect.name == "postgresql":
                session.execute(text(SHORTLY))
            outcomes = take(session, jobs)
            with places.left():
                session.commit()
        except Exception as error:
            if db.is_passing(error) and not db.is_locked(error):
                session.invalidate()
                raise
            log.warning("taken_one_by_one", what=what, error=type(error).__name__, jobs=len(jobs))
            return cast("list[Outcome]", [None] * len(jobs))
        return outcomes
