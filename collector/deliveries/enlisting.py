"""Verb: put a run's share of its panel on the list, by a way that can be gone here; that stands in the record."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from collector import errors, workspaces
from collector.changes import record
from collector.communities import panels, runs
from collector.config import Config
from collector.deliveries.ways import WAYS


def enlist(
    session: Session,
    workspace: workspaces.Workspace,
    run: runs.Run,
    way: str,
    settings: Config,
    actor: str,
    now: datetime,
) -> int:
    """How many members are new on the list; raises 409 where nothing can be sent by this way, or the run asks nobody."""
    if run.state != "running":
        raise errors.Conflict(
            "This run is not running, so that it would ask nobody. Start it first.", "run_not_running"
        )
    missing = WAYS[way].missing(settings, workspace.settings) if way in WAYS else None
    if missing is not None:
        raise errors.Conflict(missing, "way_not_set_up")
    enlisted = panels.asking.enlist(session, workspace.workspace_id, run, way, now)
    said = {"way": way, "members": enlisted}
    record(session, workspace.workspace_id, now, actor, "invited", "run", run.key, None, said)
    return enlisted
