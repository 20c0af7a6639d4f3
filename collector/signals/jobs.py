"""The job: look at what is new as soon as it is counted."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from collector.responses import Response, news
from collector.signals import falls, floods, places, settings, unhappy

BATCH = 500


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
        _notice(session, workspace_id, told, now)
    return len(found)


def _notice(
    session: Session, workspace_id: uuid.UUID, told: Sequence[tuple[str, Response]], now: datetime
) -> None:
    """Each rule looks at what is new in a workspace."""
    wishes = settings.of(session, workspace_id)
    every = [row for _what, row in told]
    counted = [row for what, row in told if what == "score"]
    falls.notice(session, workspace_id, counted, wishes, now)
    watches = places.held(session, workspace_id, places.of_customers(every), now)
    floods.notice(session, watches, places.of_customers(counted), wishes, now)
    places.hear(watches, places.of_customers(every), now)
    unhappy.notice(session, workspace_id, every, wishes, now)
    session.flush()


are_waiting = news.are_waiting
