"""When a key was last used: noted once an hour per process, so that calls do not pay for it."""

from __future__ import annotations

import threading
import uuid
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import db
from collector.workspaces.models import KeyUse

NOTED_EVERY = timedelta(hours=1)


class KeyUses:
    """What one process has noted."""

    def __init__(self) -> None:
        self._noted: dict[str, datetime] = {}
        self._lock = threading.Lock()

    def is_due(self, kid: str, now: datetime) -> bool:
        """Whether to note a use now; the next one is due an hour later."""
        with self._lock:
            noted = self._noted.get(kid)
            if noted is not None and noted <= now < noted + NOTED_EVERY:
                return False
            self._noted[kid] = now
            return True


def note(session: Session, workspace_id: uuid.UUID, kid: str, now: datetime) -> None:
    """Remember that a key was used."""
    row = db.insert(session, KeyUse).values(workspace_id=workspace_id, kid=kid, used_at=now)
    session.execute(row.on_conflict_do_update(index_elements=["workspace_id", "kid"], set_={"used_at": now}))


def last(session: Session, workspace_id: uuid.UUID) -> dict[str, datetime]:
    """kid -> when it was last used, within the hour."""
    query = select(KeyUse.kid, KeyUse.used_at).where(KeyUse.workspace_id == workspace_id)
    return {row.kid: row.used_at for row in session.execute(query)}
