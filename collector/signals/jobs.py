"""The job: look at what is new as soon as it is counted."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from collector.responses import Response, news
from collector.signals import falls, floods, settings, unhappy

BATCH = 200


def notice(session: Session, now: datetime) -> int:
    """Look at one batch of what is new; how much it was.

    What was looked at, what it told and how far the watches are change in one transaction: who is killed before has
    done nothing, and who comes after does it once.
    """
    found = news.take(session, now, BATCH)
    by_workspace: dict[uuid.UUID, list[tuple[str, Response]]] = {}
    for what, row in found:
        by_workspace.setdefault(row.workspace_id, []).append((what, row))
    for workspace_id, told in sorted(by_workspace.items()):
        wishes = settings.of(session, workspace_id)
        counted = [row for what, row in told if what == "score"]
        falls.notice(session, workspace_id, counted, wishes, now)
        floods.notice(session, workspace_id, counted, wishes, now)
        unhappy.notice(session, workspace_id, [row for _what, row in told], wishes, now)
    return len(found)


are_waiting = news.are_waiting
