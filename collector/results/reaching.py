"""The job: note of runs with a fixed number that it is there, so that what they were told is sealed no longer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from collector import looks
from collector.communities.runs import StoredRun, sealing
from collector.results import reading, verdict


def note(session: Session, now: datetime) -> int:
    """Look at every run that is sealed; how many are so no longer. Only where so many have answered is it judged."""
    enough = [run for run in session.scalars(_sealed(now)) if reading.started(session, run) >= (run.n or 0)]
    found = [run for run in enough if verdict.read(session, run).may_be_seen]
    for run in found:
        run.reached_at = (
            now  # through the row: every process learns of it; of two at once, both write the same
        )
    session.flush()
    return len(found)


def are_sealed(session: Session, now: datetime) -> bool:
    """Whether any run is: a look that locks nothing."""
    return looks.found(session, _sealed, now)


def _sealed(_now: datetime) -> Select[StoredRun]:
    return select(StoredRun).where(*sealing.SEALED).order_by(StoredRun.workspace_id, StoredRun.key)
